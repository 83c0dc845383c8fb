// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MainWindow.h"

#include "ui/ChartArea.h"
#include "ui/Format.h"
#include "ui/MainMenus.h"
#include "ui/SideTabs.h"
#include "ui/StatusLine.h"
#include "ui/WindowExports.h"
#include "ui/WindowMemory.h"
#include "ui/WindowShape.h"
#include "ui/config/ConfigPanel.h"
#include "ui/desktop/Notifier.h"
#include "ui/desktop/SleepInhibitor.h"
#include "ui/health/HealthPanel.h"
#include "ui/log/LogPanel.h"
#include "ui/memory/DrillDialog.h"
#include "ui/provenance/ScorePanel.h"
#include "ui/session/EmptyPage.h"
#include "ui/session/EventPanel.h"
#include "ui/session/MorningCard.h"
#include "ui/session/NewRunDialog.h"
#include "ui/train/RunActions.h"
#include "ui/train/RunBar.h"
#include "ui/train/RunToolBar.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QSettings>
#include <QStackedWidget>

#include <algorithm>

namespace dubito::ui {

namespace {

constexpr int kSlowStopMilliseconds = 1000;

bool isWorthCharts(const session::Snapshot& snapshot)
{
    return train::isActive(snapshot.run.state) || !snapshot.series.empty() || snapshot.run.state == train::RunState::Failed;
}

/// A dock without a title: what it holds says what it is.
class NoTitle final : public QWidget {
public:
    using QWidget::QWidget;
    QSize sizeHint() const override { return { 0, 0 }; }
    QSize minimumSizeHint() const override { return { 0, 0 }; }
};

QDockWidget* makeDock(const char* name, const QString& title, QWidget* content, QMainWindow* window)
{
    auto* dock = new QDockWidget(title, window);
    dock->setObjectName(QLatin1String(name));
    dock->setFeatures(QDockWidget::NoDockWidgetFeatures);
    dock->setTitleBarWidget(new NoTitle(dock));
    dock->setWidget(content);
    return dock;
}

} // namespace

MainWindow::MainWindow(session::SessionApi& api, SnapshotSignals& snapshots, Memory memory)
    : m_api(api)
    , m_snapshots(snapshots)
    , m_memory(memory)
    , m_desktop(QApplication::palette())
    , m_actions(new RunActions(this))
    , m_menus(new MainMenus(*this, *m_actions))
    , m_runBar(new RunBar)
    , m_toolBar(new RunToolBar(*m_actions, *m_runBar, this))
    , m_pages(new QStackedWidget)
    , m_empty(new EmptyPage)
    , m_charts(new ChartArea)
    , m_health(new HealthPanel)
    , m_tabs(new SideTabs)
    , m_config(new ConfigPanel)
    , m_events(new EventPanel)
    , m_scores(new ScorePanel)
    , m_log(new LogPanel)
    , m_status(new StatusLine)
    , m_healthDock(makeDock("healthDock", tr("Health"), m_health, this))
    , m_sideDock(makeDock("sideDock", tr("Side panels"), m_tabs, this))
    , m_notifier(new Notifier(this))
    , m_inhibitor(new SleepInhibitor(this))
    , m_morning(new MorningCard(this))
    , m_shape(new WindowShape(*this, { m_toolBar, m_runBar, m_pages, m_charts, m_health, m_tabs, m_scores }))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Dubito"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/io.github.dubito.Dashboard.svg")));
    resize(1600, 1000);
    setMinimumSize(640, 420);
    addToolBar(m_toolBar);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_charts);
    setCentralWidget(m_pages);
    makeDocks();
    setStatusBar(m_status);
    connectPanels();
    connectMenus();
    m_slowStop.setSingleShot(true);
    m_slowStop.setInterval(kSlowStopMilliseconds);
    recall();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeDocks()
{
    m_tabs->add(m_config, tr("Config"));
    m_tabs->add(m_events, tr("Events"));
    m_tabs->add(m_scores, tr("Data"));
    m_tabs->add(m_log, tr("Log"));
    addDockWidget(Qt::LeftDockWidgetArea, m_healthDock);
    addDockWidget(Qt::RightDockWidgetArea, m_sideDock);
    resizeDocks({ m_sideDock }, { scaledPixels(QApplication::font(), 408) }, Qt::Horizontal);
}

void MainWindow::connectPanels()
{
    connect(&m_snapshots, &SnapshotSignals::snapshotReady, this, &MainWindow::display);
    connect(&m_snapshots, &SnapshotSignals::eventHappened, m_notifier, &Notifier::tell);
    connect(m_actions, &RunActions::commandWanted, this, &MainWindow::post);
    connect(m_empty, &EmptyPage::commandWanted, this, &MainWindow::post);
    connect(m_empty, &EmptyPage::newRunWanted, this, &MainWindow::askForRun);
    connect(m_empty, &EmptyPage::openRunWanted, m_menus, &MainMenus::openRun);
    connect(m_config, &ConfigPanel::commandWanted, this, &MainWindow::post);
    connect(m_scores, &ScorePanel::commandWanted, this, &MainWindow::post);
    connect(&m_charts->banner(), &Banner::commandWanted, this, &MainWindow::post);
    connect(&m_charts->banner(), &Banner::configWanted, this, [this] { m_tabs->open(m_config); });
    connect(&m_charts->banner(), &Banner::evidenceWanted, this, [this] {
        m_tabs->open(m_events);
        m_events->chooseEvidence();
    });
    connect(m_charts, &ChartArea::eventChosen, this, [this](quint64 id) {
        m_tabs->open(m_events);
        m_events->choose(id);
    });
    connect(m_charts, &ChartArea::snapshotWanted, this, [this] {
        if (m_last) {
            m_charts->display(*m_last);
        }
    });
    connect(m_events, &EventPanel::eventChosen, m_charts, &ChartArea::go);
    connect(m_health, &HealthPanel::moduleChosen, this, [this](Module module) {
        m_tabs->open(m_log);
        m_log->filterBy(module);
    });
    connect(m_health, &HealthPanel::unfoldWanted, m_shape, &WindowShape::unfoldHealth);
    connect(m_shape, &WindowShape::snapshotWanted, this, [this] {
        if (m_last) {
            display(m_last);
        }
    });
    connect(m_tabs, &SideTabs::opened, this, [this](Panel* panel) {
        if (m_last) {
            panel->display(*m_last);
        }
    });
    connect(m_config, &ConfigPanel::problemsChanged, this, [this](int problems) {
        m_tabs->setMark(m_config, problems > 0 ? SideTabs::Mark::Problem : SideTabs::Mark::None);
    });
    connect(&m_slowStop, &QTimer::timeout, this, [this] { m_status->showMessage(tr("The run is stopping; it writes a checkpoint first. The window closes when it is done.")); });
}

void MainWindow::connectMenus()
{
    connect(m_menus, &MainMenus::commandWanted, this, &MainWindow::post);
    connect(m_menus, &MainMenus::saveConfigWanted, m_config, &ConfigPanel::save);
    connect(m_menus, &MainMenus::besideChanged, m_charts, &ChartArea::compareWith);
    connect(m_menus, &MainMenus::reportWanted, this, [this](const QString& path) { m_status->say(exportReport(m_last, *m_charts, path)); });
    connect(m_menus, &MainMenus::pictureWanted, this, [this](const QString& path) { m_status->say(exportPicture(*this, path)); });
    connect(m_menus, &MainMenus::said, m_status, &StatusLine::say);
    connect(m_menus, &MainMenus::tabWanted, m_tabs, &SideTabs::openAt);
    connect(m_menus, &MainMenus::enlargeWanted, m_shape, &WindowShape::toggleEnlarged);
    connect(m_menus, &MainMenus::nextPanelWanted, m_shape, &WindowShape::nextPanel);
    connect(m_menus, &MainMenus::themeChosen, this, &MainWindow::setTheme);
    connect(m_menus, &MainMenus::drillWanted, this, &MainWindow::askForDrill);
    connect(m_menus, &MainMenus::newRunWanted, this, &MainWindow::askForRun);
    connect(m_menus, &MainMenus::nightWanted, this, [this] {
        if (m_last) {
            m_morning->open(*m_last);
        }
    });
    connect(m_morning, &MorningCard::commandWanted, this, &MainWindow::post);
    connect(m_morning, &MorningCard::eventsWanted, this, [this] { m_tabs->open(m_events); });
    connect(m_menus, &MainMenus::layoutResetWanted, this, [this] {
        resize(1600, 1000);
        resizeDocks({ m_sideDock }, { scaledPixels(QApplication::font(), 408) }, Qt::Horizontal);
    });
    connect(m_menus, &MainMenus::settingsChanged, this, [this] {
        m_notifier->setSpeech(m_menus->notifies() ? Notifier::Speech::On : Notifier::Speech::Off);
    });
}

void MainWindow::display(SnapshotPointer snapshot)
{
    m_last = snapshot;
    m_actions->display(*snapshot);
    m_menus->display(*snapshot);
    const bool awake = m_menus->inhibitsSleep() && train::isActive(snapshot->run.state);
    m_inhibitor->setWish(awake ? SleepInhibitor::Wish::Awake : SleepInhibitor::Wish::Whatever);
    if (m_isClosing && !train::isActive(snapshot->run.state)) {
        close();
        return;
    }
    displayTitle(*snapshot);
    if (!isSeen()) {
        return; // what nobody sees costs nothing; watch() catches up
    }
    displayPage(*snapshot);
    m_morning->follow(*snapshot);
    m_config->display(*snapshot); // its problems stand on its tab also while another is open
    for (Panel* panel : { static_cast<Panel*>(m_runBar), static_cast<Panel*>(m_health), m_tabs->openPanel() }) {
        if (panel != nullptr && panel != m_config && panel->isVisible()) {
            panel->display(*snapshot);
        }
    }
    m_status->display(*snapshot, m_snapshots.cost(), m_inhibitor->isHeld() ? Sleep::Inhibited : Sleep::Allowed);
}

void MainWindow::displayPage(const session::Snapshot& snapshot)
{
    const bool charts = isWorthCharts(snapshot);
    QWidget* page = charts ? static_cast<QWidget*>(m_charts) : m_empty;
    if (page != m_pages->currentWidget() || m_pages->focusWidget() == nullptr) {
        m_pages->setCurrentWidget(page);
        page->setFocus();
    }
    m_healthDock->setVisible(charts);
    m_sideDock->setVisible(charts);
    if (charts && !m_shape->isSideEnlarged()) {
        m_charts->display(snapshot);
    } else if (!charts) {
        m_shape->backToCharts();
        m_empty->display(snapshot);
    }
}

void MainWindow::displayTitle(const session::Snapshot& snapshot)
{
    QString title = tr("Dubito");
    if (!snapshot.run.runName.empty()) {
        constexpr qsizetype kLongest = 80;
        title += QStringLiteral(" — ") + format::text(snapshot.run.runName).left(kLongest);
    }
    if (snapshot.memory.drill.active) {
        title += tr(" — leak drill");
    }
    if (title != windowTitle()) {
        setWindowTitle(title);
    }
}

void MainWindow::post(const session::Command& command)
{
    const auto posted = m_api.post(command);
    if (!posted) {
        m_status->say(format::sentence(format::text(posted.error().message)));
        QApplication::alert(this);
    }
    m_snapshots.poll();
}

void MainWindow::setTheme(ThemeChoice choice)
{
    m_theme = choice;
    m_menus->setTheme(choice);
    applyTheme(*qApp, schemeFor(choice, m_desktop));
}

void MainWindow::turnTo(WindowView view)
{
    m_shape->turnTo(view);
    if (view == WindowView::Evidence) {
        m_events->chooseEvidence();
    } else if (view == WindowView::Night && m_last) {
        m_morning->open(*m_last);
    }
}

void MainWindow::askForDrill()
{
    auto* dialog = new DrillDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &DrillDialog::commandWanted, this, &MainWindow::post);
    dialog->open();
}

void MainWindow::askForRun()
{
    if (!m_last || !m_last->config.inForce) {
        return;
    }
    auto* dialog = new NewRunDialog(m_last->config.inForce, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewRunDialog::commandWanted, this, &MainWindow::post);
    dialog->open();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    const bool active = m_last && train::isActive(m_last->run.state);
    if (!active) {
        remember();
        event->accept();
        return;
    }
    event->ignore();
    if (!m_isClosing) {
        m_isClosing = true;
        m_slowStop.start();
        post(session::Stop {});
    }
}

void MainWindow::watch()
{
    m_snapshots.setWatch(isSeen() ? SnapshotSignals::Watch::Shown : SnapshotSignals::Watch::Hidden);
    if (isSeen() && m_last) {
        display(m_last);
    }
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange) {
        watch();
    }
}

void MainWindow::hideEvent(QHideEvent* event)
{
    QMainWindow::hideEvent(event);
    watch();
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    watch();
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    m_shape->fold();
}

void MainWindow::remember()
{
    if (m_memory == Memory::Forget) {
        return;
    }
    QSettings settings;
    rememberWindow({ *this, *m_menus, *m_charts, *m_tabs }, m_theme, settings);
}

void MainWindow::recall()
{
    if (m_memory == Memory::Forget) {
        return;
    }
    if (const ThemeChoice theme = recallWindow({ *this, *m_menus, *m_charts, *m_tabs }, QSettings()); theme != ThemeChoice::System) {
        setTheme(theme);
    }
}

} // namespace dubito::ui
