// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/dashboard/Album.h"

#include "app/dashboard/FewColours.h"
#include "ui/WindowShape.h"

#include <QDir>
#include <QImageWriter>

#include <algorithm>

namespace dubito {

using ui::ThemeChoice;

namespace {

constexpr std::chrono::milliseconds kAtOnce(250); ///< a reload does not wait
constexpr QSize kWide(1600, 1000);
constexpr QSize kNarrow(1100, 700);

QString wordOf(ThemeChoice theme)
{
    return theme == ThemeChoice::Dark ? QStringLiteral("dark") : theme == ThemeChoice::HighContrast ? QStringLiteral("contrast") : QStringLiteral("light");
}

ui::WindowView viewOf(AlbumView view)
{
    switch (view) {
    case AlbumView::Details:
        return ui::WindowView::Details;
    case AlbumView::Data:
        return ui::WindowView::Data;
    case AlbumView::Act:
        return ui::WindowView::Evidence;
    case AlbumView::Morning:
        return ui::WindowView::Night;
    default:
        return ui::WindowView::Overview;
    }
}

/// Empty when all is well.
QString write(const QImage& picture, const QString& path)
{
    QImageWriter writer(path);
    writer.setQuality(0); // of a PNG: packed as small as it gets
    return writer.write(withFewColours(picture))
        ? QString()
        : QStringLiteral("%1: the picture cannot be written: %2. Choose another folder.").arg(path, writer.errorString());
}

} // namespace

Album::Album(ui::MainWindow& window, AlbumOptions options) : m_window(window), m_options(std::move(options))
{
    if (m_options.themes.empty()) {
        m_options.themes = { ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::HighContrast };
    }
    for (const AlbumView view : m_options.views) {
        for (const ThemeChoice theme : m_options.themes) {
            m_shots.push_back({ view, theme });
        }
    }
    m_exposure.setSingleShot(true);
    connect(&m_exposure, &QTimer::timeout, this, &Album::press);
}

bool Album::needsNoRun(const AlbumOptions& options)
{
    return std::ranges::all_of(options.views, [](AlbumView view) { return view == AlbumView::Empty || view == AlbumView::Morning; });
}

bool Album::wants(AlbumView view) const { return std::ranges::find(m_options.views, view) != m_options.views.end(); }

bool Album::isMoment(const session::Snapshot& snapshot, std::int64_t afterSteps) const
{
    if (wants(AlbumView::Empty)) {
        return snapshot.run.state == train::RunState::Idle;
    }
    if (!train::isActive(snapshot.run.state) && snapshot.run.state != train::RunState::Idle) {
        return true; // it has ended: nothing more will come
    }
    const auto& leak = snapshot.memory.leak;
    if (wants(AlbumView::Act)) {
        return leak.decision == memory::Decision::Act && snapshot.reload.rung >= reload::Rung::Checkpoint;
    }
    const bool isAnswered = leak.nothingAbove > 0 || leak.decision != memory::Decision::None;
    return snapshot.run.step >= afterSteps && isAnswered;
}

void Album::take() { prepare(); }

void Album::prepare()
{
    if (m_at >= m_shots.size()) {
        emit done(problem());
        return;
    }
    const Shot& shot = m_shots[m_at];
    m_window.setTheme(shot.theme);
    m_window.resize(shot.view == AlbumView::Narrow ? kNarrow : kWide);
    m_window.turnTo(viewOf(shot.view));
    m_exposure.start(shot.view == AlbumView::Act ? std::min(kAtOnce, m_options.settling) : m_options.settling);
}

void Album::press()
{
    const Shot& shot = m_shots[m_at];
    const QString name = QStringLiteral("%1-%2%3.png").arg(QLatin1String(kAlbumViewWords[static_cast<std::size_t>(shot.view)]), wordOf(shot.theme), m_options.suffix);
    const QString path = QDir(m_options.folder).filePath(name);
    const QImage picture = m_window.grab().toImage();
    if (const QString before = problem(); !before.isEmpty()) {
        emit done(before);
        return;
    }
    m_packer = Worker("packer", [this, path, picture](const std::stop_token&) { m_problem = write(picture, path); },
        [this](const Error& error) { m_problem = QString::fromStdString(toText(error)); });
    ++m_at;
    prepare();
}

QString Album::problem()
{
    m_packer.join();
    return m_problem;
}

} // namespace dubito
