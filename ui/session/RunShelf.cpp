// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/RunShelf.h"

#include "ui/Format.h"
#include "ui/MainWindow.h"
#include "ui/config/DifferenceDialog.h"
#include "ui/session/RecentRuns.h"
#include "ui/train/RunActions.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

namespace dubito::ui {

namespace {

constexpr int kLookMilliseconds = 100;

QString nameOf(const QString& folder) { return QFileInfo(QDir::cleanPath(folder)).fileName(); }

} // namespace

/// A recorded run with its window. The window goes first.
class RecordedWindow {
public:
    explicit RecordedWindow(std::unique_ptr<session::Replay> run)
        : m_run(std::move(run))
        , m_snapshots(*m_run)
        , m_window(*m_run, m_snapshots, MainWindow::Memory::Forget)
    {
        m_window.findChild<RunActions*>()->speakOfRecorded();
        m_window.show();
        m_snapshots.start();
    }

    bool isClosed() const { return !m_window.isVisible(); }

private:
    std::unique_ptr<session::Replay> m_run;
    SnapshotSignals m_snapshots;
    MainWindow m_window;
};

RunShelf::RunShelf(QWidget& window)
    : QObject(&window)
    , m_window(window)
{
    m_look.setInterval(kLookMilliseconds);
    m_lookAtCurves.setInterval(kLookMilliseconds);
    connect(&m_look, &QTimer::timeout, this, &RunShelf::look);
    connect(&m_lookAtCurves, &QTimer::timeout, this, &RunShelf::lookAtCurves);
}

RunShelf::~RunShelf() = default;

void RunShelf::addTo(QMenu& menu)
{
    const auto add = [&](const char* name, const QString& text, auto then) {
        QAction* action = menu.addAction(text);
        action->setObjectName(QLatin1String(name));
        connect(action, &QAction::triggered, this, then);
        return action;
    };
    add("fileOpenRun", tr("&Open a recorded run…"), [this] { askAnd(&RunShelf::open); })->setShortcut(QKeySequence::Open);
    m_recent = menu.addMenu(tr("&Recent runs"));
    connect(m_recent, &QMenu::aboutToShow, this, &RunShelf::fillRecent);
    menu.addSeparator();
    add("fileCompare", tr("&Compare with a recorded run…"), [this] { askAnd(&RunShelf::compare); });
    m_difference = add("fileDifference", tr("&Difference of their configurations…"), [this] { showDifference(); });
    m_stop = add("fileStopComparing", tr("Stop co&mparing"), [this] { stopComparing(); });
    menu.addSeparator();
    m_curves = add("fileCurves", tr("Save all cur&ves as CSV…"), [this] { askForCurves(); });
    for (QAction* action : { m_difference, m_stop, m_curves }) {
        action->setEnabled(false);
    }
}

void RunShelf::display(const session::Snapshot& snapshot)
{
    m_runName = format::text(snapshot.run.runName);
    if (m_config.revision != snapshot.config.revision || m_config.inForce != snapshot.config.inForce) {
        m_config = snapshot.config;
    }
    if (const QString folder = format::text(snapshot.run.runFolder); folder != m_runFolder) {
        m_runFolder = folder;
        rememberRun(folder);
    }
    if (m_curves != nullptr) {
        m_curves->setEnabled(!m_runFolder.isEmpty() && !m_export);
    }
}

void RunShelf::askForCurves()
{
    const QString path = QFileDialog::getSaveFileName(&m_window, tr("Save all curves at full resolution"), QStringLiteral("curves.csv"), tr("CSV (*.csv)"));
    if (!path.isEmpty()) {
        saveCurves(path);
    }
}

void RunShelf::saveCurves(const QString& path)
{
    if (m_export || m_runFolder.isEmpty()) {
        return;
    }
    const std::string named = m_config.inForce ? m_config.inForce->training.metrics : std::string();
    const auto file = named.empty() ? std::filesystem::path(format::utf8(m_runFolder)) / "metrics.jsonl" : std::filesystem::path(named);
    m_export = std::make_unique<session::CurveExport>(file, std::filesystem::path(format::utf8(path)));
    m_lookAtCurves.start();
}

void RunShelf::lookAtCurves()
{
    const auto outcome = m_export->outcome();
    if (!outcome) {
        emit said(tr("Writes the curves, %1").arg(format::percent(m_export->share())));
        return;
    }
    m_lookAtCurves.stop();
    m_export.reset();
    emit said(*outcome ? tr("The curves are saved, %1 steps.").arg(format::count(outcome->value()))
                       : format::sentence(format::text(toText(outcome->error()))));
}

void RunShelf::askAnd(void (RunShelf::*then)(const QString&))
{
    const QString begin = m_runFolder.isEmpty() ? QString() : QFileInfo(m_runFolder).absolutePath();
    const QString folder = QFileDialog::getExistingDirectory(&m_window, tr("Choose the folder of a run"), begin);
    if (!folder.isEmpty()) {
        (this->*then)(folder);
    }
}

void RunShelf::open(const QString& folder) { read(folder, Purpose::Window); }

void RunShelf::compare(const QString& folder) { read(folder, Purpose::Beside); }

void RunShelf::stopComparing()
{
    m_beside.reset();
    m_difference->setEnabled(false);
    m_stop->setEnabled(false);
    emit besideChanged(nullptr);
}

/// A second wish takes the place of the first.
void RunShelf::read(const QString& folder, Purpose purpose)
{
    m_purpose = purpose;
    m_opener = std::make_unique<session::RunOpener>(std::filesystem::path(format::utf8(folder)));
    m_look.start();
    emit said(tr("Reads %1…").arg(nameOf(folder)));
}

void RunShelf::look()
{
    if (!m_opener->isDone()) {
        emit said(tr("Reads %1, %2").arg(nameOf(format::text(m_opener->folder().string())), format::percent(m_opener->share())));
        return;
    }
    m_look.stop();
    auto run = m_opener->take();
    const QString folder = format::text(m_opener->folder().string());
    m_opener.reset();
    if (!run) {
        emit said(format::sentence(format::text(toText(run.error()))));
        return;
    }
    rememberRun(folder);
    emit said(m_purpose == Purpose::Window ? tr("%1 is open").arg(nameOf(folder)) : tr("%1 is laid beside this run, in grey").arg(nameOf(folder)));
    if (m_purpose == Purpose::Window) {
        showWindow(std::move(*run));
        return;
    }
    m_beside = std::make_shared<const session::Snapshot>((*run)->snapshot());
    m_difference->setEnabled(true);
    m_stop->setEnabled(true);
    emit besideChanged(m_beside);
}

void RunShelf::showWindow(std::unique_ptr<session::Replay> run)
{
    std::erase_if(m_windows, [](const auto& each) { return each->isClosed(); });
    if (m_windows.size() >= kMostWindows) {
        emit said(tr("Close one of the recorded runs first: %1 are open.").arg(m_windows.size()));
        return;
    }
    run->setResume([this](const session::Start& start) -> Result<void> {
        m_window.raise();
        m_window.activateWindow();
        emit commandWanted(start); // to the session of the window that it was opened from
        return {};
    });
    m_windows.push_back(std::make_unique<RecordedWindow>(std::move(run)));
}

void RunShelf::showDifference()
{
    if (!m_beside) {
        return;
    }
    auto* dialog = new DifferenceDialog(differencesOf(m_config, m_beside->config), m_runName,
        format::text(m_beside->run.runName), &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void RunShelf::fillRecent()
{
    m_recent->clear();
    for (const QString& folder : recentRuns()) {
        QAction* action = m_recent->addAction(nameOf(folder).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setStatusTip(folder);
        connect(action, &QAction::triggered, this, [this, folder] { open(folder); });
    }
    if (m_recent->isEmpty()) {
        m_recent->addAction(tr("none yet"))->setEnabled(false);
    }
}

} // namespace dubito::ui
