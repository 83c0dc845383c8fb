// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/dashboard/Application.h"

#include "app/common/ExitCode.h"
#include "ui/Format.h"
#include "ui/session/RunShelf.h"
#include "ui/train/RunActions.h"

#include <QApplication>
#include <QFontDatabase>
#include <QIcon>
#include <QImageWriter>

#include <cstdio>

namespace dubito {

namespace {

/// Charts draw one after the other in turns of the event loop; this long after the last snapshot all have.
constexpr int kDrawnAfterMilliseconds = 600;

void complain(const QString& sentence) { std::fprintf(stderr, "dubito-dashboard: %s\n", sentence.toUtf8().constData()); }

} // namespace

void prepareApplication()
{
    QApplication::setApplicationName(QStringLiteral("dubito-dashboard"));
    QApplication::setOrganizationName(QStringLiteral("dubito"));
    QApplication::setApplicationDisplayName({});
    QApplication::setApplicationVersion(QStringLiteral(DUBITO_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("io.github.dubito.Dashboard"));
    const QString platform = QApplication::platformName();
    const bool noDesktop = platform == QStringLiteral("offscreen") || !qEnvironmentVariableIsSet("XDG_CURRENT_DESKTOP");
    if (noDesktop && QFontDatabase::hasFamily(QStringLiteral("Noto Sans"))) {
        QFont font(QStringLiteral("Noto Sans"));
        font.setPointSizeF(9.75);
        QApplication::setFont(font);
    }
}

Application::Application(std::unique_ptr<session::SessionApi> session, DashboardOptions options)
    : m_session(std::move(session))
    , m_options(std::move(options))
    , m_snapshots(*m_session)
    , m_window(*m_session, m_snapshots,
          m_options.wantsPicture() ? ui::MainWindow::Memory::Forget : ui::MainWindow::Memory::Remember)
    , m_album(m_window, m_options.album)
    , m_instance(m_options.meetingPlace)
    , m_picture(m_options.wantsPicture() ? Picture::Waits : Picture::NotWanted)
{
    if (m_options.theme != ui::ThemeChoice::System || m_picture == Picture::Waits) {
        m_window.setTheme(m_options.theme);
    }
    if (m_options.isRecorded) {
        m_window.findChild<ui::RunActions*>()->speakOfRecorded();
    }
    if (m_picture == Picture::Waits) {
        m_window.resize(m_options.width, m_options.height);
    }
    connect(&m_snapshots, &ui::SnapshotSignals::snapshotReady, this, &Application::look);
    connect(&m_album, &Album::done, this, [this](const QString& problem) {
        if (!problem.isEmpty()) {
            complain(problem);
        }
        finish(problem.isEmpty() ? m_code.value_or(0) : app::toInt(app::ExitCode::OutputFailed));
    });
    connect(&m_instance, &ui::SingleInstance::asked, this, &Application::comeForward);
}

Application::~Application() = default;

int Application::run()
{
    m_window.show();
    m_snapshots.start();
    if (!m_options.meetingPlace.isEmpty()) {
        m_instance.listen(); // another window may have the place; then a third start finds that one
    }
    QTimer::singleShot(0, this, &Application::begin);
    const int code = QApplication::exec();
    return m_code.value_or(code);
}

void Application::begin()
{
    if (m_options.begin == DashboardOptions::Begin::Wait) {
        return;
    }
    const auto started = m_session->post(session::Start {});
    if (!started && m_picture != Picture::NotWanted) {
        complain(ui::format::text(toText(started.error())));
        finish(app::toInt(app::toExitCode(started.error().code)));
    }
}

void Application::comeForward(const QString& runFolder)
{
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.raise();
    m_window.activateWindow();
    if (auto* shelf = m_window.findChild<ui::RunShelf*>(); shelf != nullptr && !runFolder.isEmpty()) {
        shelf->open(runFolder);
    }
}

void Application::look(const ui::SnapshotPointer& snapshot)
{
    const auto& run = snapshot->run;
    if (m_picture == Picture::Taken && !train::isActive(run.state)) {
        QApplication::exit(m_code.value_or(0));
        return;
    }
    if (m_picture != Picture::Waits) {
        return;
    }
    if (!m_options.album.folder.isEmpty()) {
        if (m_album.isMoment(*snapshot, m_options.afterSteps)) {
            m_picture = Picture::Draws;
            m_album.take();
        }
        return;
    }
    if (run.state == train::RunState::Failed && !m_options.isRecorded) { // how a recorded run ended is no failure of its picture
        m_code = app::toInt(app::toExitCode(run));
        complain(run.problem ? ui::format::text(toText(*run.problem)) : QStringLiteral("the run failed"));
    }
    const bool ended = run.state == train::RunState::Finished || run.state == train::RunState::Failed;
    if (ended || run.step >= m_options.afterSteps) {
        m_picture = Picture::Draws;
        QTimer::singleShot(kDrawnAfterMilliseconds, this, &Application::takePicture);
    }
}

void Application::takePicture()
{
    QImageWriter writer(m_options.screenshot);
    if (!writer.write(m_window.grab().toImage())) {
        complain(QStringLiteral("%1: the picture cannot be written: %2. Choose another place or ending (.png).")
                     .arg(m_options.screenshot, writer.errorString()));
        finish(app::toInt(app::ExitCode::OutputFailed));
        return;
    }
    finish(m_code.value_or(0));
}

void Application::finish(int code)
{
    m_code = code;
    m_picture = Picture::Taken;
    if (!train::isActive(m_session->snapshot().run.state) || !m_session->post(session::Stop {})) {
        QApplication::exit(code);
    }
}

} // namespace dubito
