// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FakeSession.h"
#include "tests/support/SnapshotBuilder.h"
#include "ui/ChartArea.h"
#include "ui/MainWindow.h"
#include "ui/SideTabs.h"
#include "ui/WindowShape.h"
#include "ui/chart/PlotGrid.h"
#include "ui/config/ConfigModel.h"
#include "ui/config/ConfigPanel.h"
#include "ui/config/DifferenceDialog.h"
#include "ui/memory/DrillDialog.h"
#include "ui/session/EventPanel.h"
#include "ui/session/NewRunDialog.h"
#include "ui/train/RunActions.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>

#include <cstdio>
#include <memory>
#include <vector>

// Pictures of the window in every state and theme, to be looked at: ui_gallery DIR [NAME,NAME…] [light|dark|contrast]. Not a test.
namespace {

using dubito::tests::FakeSession;
using dubito::tests::SnapshotBuilder;
using dubito::ui::ConfigPanel;
using dubito::ui::EventPanel;
using dubito::ui::MainWindow;
using dubito::ui::SideTabs;
using dubito::ui::SnapshotSignals;
using dubito::ui::ThemeChoice;
using dubito::ui::WindowShape;

struct Shot {
    const char* name;
    dubito::session::Snapshot snapshot;
    ThemeChoice theme;
    QSize size;
    int tab;
};

void settle()
{
    QElapsedTimer since;
    since.start();
    while (since.elapsed() < 900) {
        QApplication::processEvents(QEventLoop::AllEvents, 50);
    }
}

void editSome(ConfigPanel& panel)
{
    panel.model().edit(QStringLiteral("memory.pause_available_gb"), QStringLiteral("4"));
    panel.model().edit(QStringLiteral("memory.abort_available_gb"), QStringLiteral("4.5"));
    panel.model().edit(QStringLiteral("training.learning_rate"), QStringLiteral("0.0002"));
}

/// A run that was killed at night, as its window tells it in the morning.
dubito::session::Snapshot killed()
{
    auto snapshot = SnapshotBuilder().recorded().state(dubito::train::RunState::Failed).build();
    auto& told = snapshot.postMortem.emplace();
    told.headline = "Killed from outside, without a word after step 3,120 of 5,000";
    told.runFolder = "runs/2026-11-20-2230-llama-135m";
    told.step = 3120;
    told.savedStep = 3000;
    told.advice = "Somebody or something ended it (kill -9, a closed session, a job limit). Go on from the newest checkpoint.";
    return snapshot;
}

/// The window, and what stands before it.
void photograph(QWidget& window, const QString& file)
{
    QPixmap picture = window.grab();
    QPainter painter(&picture);
    for (QDialog* dialog : window.findChildren<QDialog*>()) {
        if (dialog->isVisible()) {
            painter.drawPixmap((window.width() - dialog->width()) / 2, (window.height() - dialog->height()) / 2, dialog->grab());
        }
    }
    painter.end();
    std::printf("%s %s\n", file.toUtf8().constData(), picture.save(file) ? "written" : "NOT WRITTEN");
}

/// The dialogs, and the views of the configuration.
void openWhatIsAskedFor(MainWindow& window, const QString& name, const dubito::session::Snapshot& snapshot)
{
    const auto press = [&](const char* button) { window.findChild<QPushButton*>(QLatin1String(button))->click(); };
    if (name == QStringLiteral("config-yaml")) {
        press("configYaml");
        auto* text = window.findChild<QPlainTextEdit*>();
        text->setPlainText(text->toPlainText().replace(QStringLiteral("  seq_len: "), QStringLiteral("  seqlen: ")));
    } else if (name == QStringLiteral("config-diff")) {
        press("configDiff");
    } else if (name == QStringLiteral("new-run")) {
        (new dubito::ui::NewRunDialog(snapshot.config.inForce, &window))->open();
    } else if (name == QStringLiteral("drill")) {
        (new dubito::ui::DrillDialog(&window))->open();
    } else if (name == QStringLiteral("difference")) {
        dubito::config::ConfigStatus other = snapshot.config;
        auto changed = *other.inForce;
        changed.training.learningRate = 3e-4;
        changed.training.seqLen = 256;
        changed.model.path = "/home/somebody/models/SmolLM2-135M-with-a-very-long-name-indeed";
        other.inForce = std::make_shared<const dubito::config::Config>(changed);
        (new dubito::ui::DifferenceDialog(dubito::ui::differencesOf(snapshot.config, other), QStringLiteral("2026-11-20-2014-llama"), QStringLiteral("2026-11-19-0900-llama"), &window))->open();
    } else if (name == QStringLiteral("compare")) {
        auto beside = std::make_shared<dubito::session::Snapshot>(SnapshotBuilder().recorded(2400).build());
        beside->run.runName = "2026-11-19-0900-llama";
        window.findChild<dubito::ui::ChartArea*>()->compareWith(beside);
    }
}

void take(const Shot& shot, const QString& folder)
{
    FakeSession session;
    session.show(shot.snapshot);
    SnapshotSignals snapshots(session);
    MainWindow window(session, snapshots, MainWindow::Memory::Forget);
    window.setTheme(shot.theme);
    window.resize(shot.size);
    window.show();
    snapshots.poll();
    if (shot.tab >= 0) {
        window.findChild<SideTabs*>()->openAt(shot.tab);
    }
    if (QLatin1String(shot.name).startsWith(QLatin1String("data"))) {
        window.findChild<WindowShape*>()->enlargeSide();
    }
    if (QLatin1String(shot.name) == QLatin1String("details")) {
        window.findChild<dubito::ui::chart::PlotGrid*>()->setPage(1);
    }
    if (shot.tab == 0) {
        editSome(window.config());
    }
    if (QLatin1String(shot.name) == QLatin1String("leak-act")) {
        window.findChild<EventPanel*>()->chooseEvidence();
    } else if (QLatin1String(shot.name) == QLatin1String("main-dark")) {
        window.findChild<QLineEdit*>(QStringLiteral("configSearch"))->setText(QStringLiteral("memory."));
    }
    openWhatIsAskedFor(window, QLatin1String(shot.name), shot.snapshot);
    settle();
    photograph(window, QDir(folder).filePath(QLatin1String(shot.name) + QStringLiteral(".png")));
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QFont font(QStringLiteral("Noto Sans"));
    font.setPointSizeF(9.75);
    QApplication::setFont(font);
    const QString folder = QString::fromLocal8Bit(argc > 1 ? argv[1] : ".");
    const QStringList only = QString::fromLocal8Bit(argc > 2 ? argv[2] : "").split(QLatin1Char(','), Qt::SkipEmptyParts);
    const QStringList words { QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("contrast") };
    const qsizetype theme = argc > 3 ? words.indexOf(QString::fromLocal8Bit(argv[3])) : -1;
    const QSize full(1600, 960);
    const std::vector<Shot> shots {
        { "main-light", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 0 },
        { "main-dark", SnapshotBuilder().recorded().build(), ThemeChoice::Dark, full, 0 },
        { "main-contrast", SnapshotBuilder().recorded().build(), ThemeChoice::HighContrast, full, 1 },
        { "leak-act", SnapshotBuilder().leaking().build(), ThemeChoice::Light, full, 1 },
        { "failed", SnapshotBuilder().failed().build(), ThemeChoice::Dark, full, 3 },
        { "data", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 2 },
        { "data-dark", SnapshotBuilder().recorded().build(), ThemeChoice::Dark, full, 2 },
        { "side-data", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 2 },
        { "details", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 1 },
        { "config-yaml", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 0 },
        { "config-diff", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 0 },
        { "new-run", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 1 },
        { "drill", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 3 },
        { "difference", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 1 },
        { "compare", SnapshotBuilder().recorded().build(), ThemeChoice::Light, full, 1 },
        { "morning", killed(), ThemeChoice::Light, full, 1 },
        { "empty", SnapshotBuilder().build(), ThemeChoice::Light, full, -1 },
        { "narrow", SnapshotBuilder().recorded().build(), ThemeChoice::Light, QSize(1100, 660), -1 },
        { "huge", SnapshotBuilder().huge().build(), ThemeChoice::Light, full, 1 },
        { "few", SnapshotBuilder().recorded(30).build(), ThemeChoice::Light, full, 1 },
    };
    for (Shot shot : shots) {
        if (only.isEmpty() || only.contains(QLatin1String(shot.name))) {
            shot.theme = theme >= 0 ? static_cast<ThemeChoice>(theme) : shot.theme;
            take(shot, folder);
        }
    }
    return 0;
}
