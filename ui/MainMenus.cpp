// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MainMenus.h"

#include "ui/Symbol.h"
#include "ui/session/RunShelf.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QFileDialog>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>

namespace dubito::ui {

namespace {

/// Never blocks: a box that waits would stop the picture of the run.
void tell(QWidget* parent, const QString& title, const QString& text)
{
    auto* box = new QMessageBox(QMessageBox::NoIcon, title, text, QMessageBox::Ok, parent);
    box->setTextFormat(Qt::RichText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace

MainMenus::MainMenus(QMainWindow& window, RunActions& run) : QObject(&window), m_window(window)
{
    makeFile();
    makeRun(run);
    makeView();
    makeTools();
    makeHelp();
}

QAction* MainMenus::add(QMenu* menu, const char* name, const QString& text, const QString& keys)
{
    QAction* action = menu->addAction(text);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(QKeySequence(keys));
    return action;
}

void MainMenus::makeFile()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&File"));
    m_newRun = add(menu, "fileNewRun", tr("&New run…"), QStringLiteral("Ctrl+N"));
    connect(m_newRun, &QAction::triggered, this, &MainMenus::newRunWanted);
    m_shelf = new RunShelf(m_window);
    m_shelf->addTo(*menu);
    connect(m_shelf, &RunShelf::besideChanged, this, &MainMenus::besideChanged);
    connect(m_shelf, &RunShelf::said, this, &MainMenus::said);
    connect(m_shelf, &RunShelf::commandWanted, this, &MainMenus::commandWanted);
    menu->addSeparator();
    connect(add(menu, "fileSave", tr("&Save configuration"), QStringLiteral("Ctrl+S")), &QAction::triggered, this, &MainMenus::saveConfigWanted);
    menu->addSeparator();
    makeExports(*menu);
    connect(add(menu, "fileQuit", tr("&Quit"), QStringLiteral("Ctrl+Q")), &QAction::triggered, &m_window, &QWidget::close);
}

void MainMenus::makeExports(QMenu& menu)
{
    connect(add(&menu, "fileReport", tr("Save a re&port of the run…"), QStringLiteral("Ctrl+Shift+R")), &QAction::triggered, this, [this] {
        const QString path = QFileDialog::getSaveFileName(&m_window, tr("Save a report of the run"), QStringLiteral("report.html"), tr("HTML (*.html)"));
        if (!path.isEmpty()) {
            emit reportWanted(path);
        }
    });
    connect(add(&menu, "filePicture", tr("Save a picture of the &window…")), &QAction::triggered, this, [this] {
        const QString path = QFileDialog::getSaveFileName(&m_window, tr("Save a picture of the window"), QStringLiteral("dubito.png"), tr("PNG (*.png);;SVG (*.svg)"));
        if (!path.isEmpty()) {
            emit pictureWanted(path);
        }
    });
    menu.addSeparator();
}

void MainMenus::makeRun(RunActions& run)
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Run"));
    for (const auto which : { RunAction::Start, RunAction::Pause, RunAction::Resume, RunAction::Stop }) {
        menu->addAction(run.action(which));
    }
    menu->addSeparator();
    menu->addAction(run.action(RunAction::ReloadNow));
    menu->addAction(run.action(RunAction::Checkpoint));
    menu->setToolTipsVisible(true);
}

void MainMenus::makeView()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&View"));
    const std::array<QString, 4> tabs { tr("&Configuration"), tr("&Events"), tr("&Data"), tr("&Log") };
    const std::array<const char*, 4> names { "viewConfig", "viewEvents", "viewData", "viewLog" };
    for (int i = 0; i < 4; ++i) {
        const auto at = static_cast<std::size_t>(i);
        QAction* action = add(menu, names[at], tabs[at], QStringLiteral("Ctrl+%1").arg(i + 1));
        connect(action, &QAction::triggered, this, [this, i] { emit tabWanted(i); });
    }
    menu->addSeparator();
    connect(add(menu, "viewEnlarge", tr("E&nlarge the chart or side panel"), QStringLiteral("Ctrl+Shift+E")), &QAction::triggered, this, &MainMenus::enlargeWanted);
    connect(add(menu, "viewNextPanel", tr("Next &panel"), QStringLiteral("F6")), &QAction::triggered, this, &MainMenus::nextPanelWanted);
    QAction* full = add(menu, "viewFullScreen", tr("&Full screen"), QStringLiteral("F11"));
    full->setCheckable(true);
    connect(full, &QAction::toggled, &m_window, [this](bool on) { on ? m_window.showFullScreen() : m_window.showNormal(); });
    connect(add(menu, "viewReset", tr("&Reset the layout")), &QAction::triggered, this, &MainMenus::layoutResetWanted);
    menu->addSeparator();
    QMenu* themes = menu->addMenu(tr("&Theme"));
    auto* group = new QActionGroup(this);
    const std::array<QString, 4> choices { tr("As the &desktop"), tr("&Light"), tr("D&ark"), tr("&High contrast") };
    for (std::size_t i = 0; i < choices.size(); ++i) {
        m_themes[i] = add(themes, "viewTheme", choices[i]);
        m_themes[i]->setCheckable(true);
        group->addAction(m_themes[i]);
        connect(m_themes[i], &QAction::triggered, this, [this, i] { emit themeChosen(static_cast<ThemeChoice>(i)); });
    }
    m_themes[0]->setChecked(true);
}

void MainMenus::makeTools()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Tools"));
    menu->setToolTipsVisible(true);
    m_drill = add(menu, "toolsDrill", tr("Leak &drill…"));
    m_stopDrill = add(menu, "toolsStopDrill", tr("&Stop the drill"));
    m_cleanUp = add(menu, "toolsCleanUp", tr("&Give caches back now"));
    m_report = add(menu, "toolsReport", tr("Write a memory &report"));
    menu->addSeparator();
    m_sleep = add(menu, "toolsSleep", tr("Keep the machine &awake while training"));
    m_notify = add(menu, "toolsNotify", tr("Desktop &notifications"));
    for (QAction* action : { m_sleep, m_notify }) {
        action->setCheckable(true);
        action->setChecked(true);
        connect(action, &QAction::toggled, this, &MainMenus::settingsChanged);
    }
    connect(m_drill, &QAction::triggered, this, &MainMenus::drillWanted);
    connect(m_stopDrill, &QAction::triggered, this, [this] { emit commandWanted(session::StopDrill {}); });
    connect(m_cleanUp, &QAction::triggered, this, [this] { emit commandWanted(session::CleanUp { session::Cause::User }); });
    connect(m_report, &QAction::triggered, this, [this] { emit commandWanted(session::SaveReport { session::Cause::User }); });
}

void MainMenus::makeHelp()
{
    QMenu* menu = m_window.menuBar()->addMenu(tr("&Help"));
    connect(add(menu, "helpKeys", tr("&Keyboard shortcuts"), QStringLiteral("F1")), &QAction::triggered, this, &MainMenus::tellKeys);
    m_night = add(menu, "helpNight", tr("&What happened, and why it ended"));
    connect(m_night, &QAction::triggered, this, &MainMenus::nightWanted);
    connect(add(menu, "helpAbout", tr("&About Dubito")), &QAction::triggered, this, &MainMenus::tellAbout);
}

void MainMenus::display(const session::Snapshot& snapshot)
{
    m_shelf->display(snapshot);
    const bool steps = snapshot.run.state == train::RunState::Running || snapshot.run.state == train::RunState::Paused;
    const bool drills = snapshot.memory.drill.active;
    m_drill->setEnabled(steps && !drills);
    m_drill->setToolTip(drills ? tr("A drill is on. Stop it first.") : steps ? tr("Injects a leak of known size") : tr("A drill needs a run that steps."));
    m_stopDrill->setEnabled(drills);
    m_stopDrill->setToolTip(drills ? QString() : tr("No drill is on."));
    const bool isActive = train::isActive(snapshot.run.state);
    m_newRun->setEnabled(!isActive && snapshot.config.inForce != nullptr);
    m_newRun->setToolTip(isActive ? tr("A run is going on. Stop it first.") : QString());
    m_night->setEnabled(!snapshot.events.empty() || snapshot.postMortem);
    for (QAction* action : { m_cleanUp, m_report }) {
        action->setEnabled(steps);
        action->setToolTip(steps ? QString() : tr("Nothing runs."));
    }
}

void MainMenus::setTheme(ThemeChoice choice) { m_themes[static_cast<std::size_t>(choice)]->setChecked(true); }
void MainMenus::openRun(const QString& folder) { folder.isEmpty() ? m_shelf->ask() : m_shelf->open(folder); }
bool MainMenus::inhibitsSleep() const { return m_sleep->isChecked(); }
bool MainMenus::notifies() const { return m_notify->isChecked(); }
void MainMenus::setInhibitsSleep(bool on) { m_sleep->setChecked(on); }
void MainMenus::setNotifies(bool on) { m_notify->setChecked(on); }

void MainMenus::tellKeys()
{
    const std::array<std::pair<const char*, QString>, 14> keys { { { "Ctrl+N", tr("plan a new run") }, { "Ctrl+Return", tr("start or resume") }, { "Ctrl+P", tr("pause") },
        { "Ctrl+.", tr("stop") }, { "Ctrl+R", tr("reload now") }, { "Ctrl+K", tr("checkpoint") }, { "Ctrl+S", tr("save the configuration") },
        { "Ctrl+1 … 4", tr("side panels") }, { "Ctrl+Shift+E", tr("enlarge the chart or side panel, Esc back") }, { "F6", tr("next panel") },
        { "F11", tr("full screen") }, { "← →", tr("move the crosshair, in a chart") }, { "+ − Home F", tr("zoom, whole run, follow, in a chart") },
        { "Backspace", tr("one zoom step out, in a chart") } } };
    QString html = QStringLiteral("<table cellpadding=\"3\">");
    for (const auto& [key, text] : keys) {
        html += QStringLiteral("<tr><td><b>%1</b>&nbsp;&nbsp;</td><td>%2</td></tr>").arg(QString::fromUtf8(key), text.toHtmlEscaped());
    }
    tell(&m_window, tr("Keyboard shortcuts"), html + QStringLiteral("</table>"));
}

void MainMenus::tellAbout()
{
    tell(&m_window, tr("About Dubito"),
        tr("<h3>Dubito %1</h3><p>I doubt. A control room for fine-tuning language models with the distrust loss.</p>"
           "<p>Free software under the GPL, version 3 or later. Built with Qt %2 and Qt Charts.</p>")
            .arg(QStringLiteral(DUBITO_VERSION), QString::fromLatin1(qVersion())));
}

} // namespace dubito::ui
