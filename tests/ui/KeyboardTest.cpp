// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FakeSession.h"
#include "tests/support/FindChild.h"
#include "tests/support/SnapshotBuilder.h"
#include "tests/support/TabTour.h"
#include "ui/MainWindow.h"
#include "ui/SideTabs.h"
#include "ui/chart/PlotGrid.h"
#include "ui/train/RunActions.h"

#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <map>
#include <set>

// Nobody needs a mouse: Tab comes to every control, Space or Enter triggers it, the focus can be seen, and no two
// mnemonics of one place are the same.
namespace dubito::ui {
namespace {

struct KeyboardTest : testing::Test {
    KeyboardTest()
    {
        window.resize(1600, 1000);
        session.show(tests::SnapshotBuilder().leaking().build());
        window.show();
        window.activateWindow();
        snapshots.poll();
        QApplication::processEvents();
    }

    /// Where a tour begins: it matters only where Tab would never come back.
    QWidget* anyControl() const
    {
        auto* stop = tests::findChild<QWidget>(window, "button.actionStop");
        return stop->isVisible() && stop->isEnabled() ? stop : *tests::visibleControls(window).begin();
    }
    std::set<QWidget*> reachedByTab() { return tests::reachedByTab(window, anyControl()); }
    QString missedByTab() { return tests::missedByTab(window, anyControl()); }

    tests::FakeSession session;
    SnapshotSignals snapshots { session };
    MainWindow window { session, snapshots, MainWindow::Memory::Forget };
};

TEST_F(KeyboardTest, TabComesToEveryControlOfEverySidePanel)
{
    for (int tab = 0; tab < 4; ++tab) {
        window.findChild<SideTabs*>()->openAt(tab);
        QApplication::processEvents();
        EXPECT_EQ(missedByTab().toStdString(), "") << "side panel " << tab;
    }
}

TEST_F(KeyboardTest, TabComesToEveryControlWhateverTheRunDoes)
{
    using train::RunState;
    std::vector<session::Snapshot> states { tests::SnapshotBuilder().build(), tests::SnapshotBuilder().recorded().build(), tests::SnapshotBuilder().failed().build() };
    for (const RunState state : { RunState::Paused, RunState::Finished, RunState::Stopping }) {
        states.push_back(tests::SnapshotBuilder().recorded().state(state).build());
    }
    for (auto& snapshot : states) {
        const std::string name = snapshot.run.step == 0 ? "nothing runs" : std::string(train::toWord(snapshot.run.state));
        session.show(std::move(snapshot));
        snapshots.poll();
        QApplication::processEvents();
        EXPECT_EQ(missedByTab().toStdString(), "") << name;
    }
}

TEST_F(KeyboardTest, ARecordedRunIsGoneOnWithByKeyboard)
{
    window.findChild<RunActions*>()->speakOfRecorded();
    session.show(tests::SnapshotBuilder().recorded().state(train::RunState::Finished).build());
    snapshots.poll();
    QApplication::processEvents();
    auto* resume = tests::findChild<QAbstractButton>(window, "button.actionStart");
    ASSERT_TRUE(resume->isVisible());
    EXPECT_TRUE(resume->text().contains(QStringLiteral("Resume"))) << resume->text().toStdString();
    EXPECT_TRUE(reachedByTab().contains(resume));
    session.posted.clear();
    QTest::keyClick(resume, Qt::Key_Space);
    EXPECT_EQ(session.count<session::Start>(), 1);
    QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
    EXPECT_EQ(session.count<session::Start>(), 2);
}

TEST_F(KeyboardTest, SpaceTriggersEveryButton)
{
    // Whatever opens and waits for an answer is closed again: menus, and the dialogs that ask for a file.
    QTimer closer;
    QObject::connect(&closer, &QTimer::timeout, &closer, [] {
        if (QWidget* waits = QApplication::activePopupWidget() != nullptr ? QApplication::activePopupWidget() : QApplication::activeModalWidget()) {
            waits->close();
        }
    });
    closer.start(20);
    int buttons = 0;
    for (auto* button : window.findChildren<QAbstractButton*>()) {
        const bool opens = button->inherits("QToolBarExtension");
        if (!button->isVisible() || !button->isEnabled() || opens || (button->focusPolicy() & Qt::TabFocus) == 0
            || (qobject_cast<QToolButton*>(button) != nullptr && qobject_cast<QToolButton*>(button)->menu() != nullptr)) {
            continue;
        }
        if (button->objectName() == QLatin1String("enlarge") || button->objectName() == QLatin1String("sideEnlarge")) {
            continue; // they hide the others; WindowShapeTest presses them
        }
        QSignalSpy clicked(button, &QAbstractButton::clicked);
        button->setFocus(Qt::TabFocusReason);
        QTest::keyClick(button, Qt::Key_Space);
        EXPECT_EQ(clicked.count(), 1) << button->objectName().toStdString() << button->text().toStdString();
        ++buttons;
    }
    EXPECT_GT(buttons, 20);
}

TEST_F(KeyboardTest, EveryMenuActionHasAMnemonicOfItsOwn)
{
    std::function<void(const QMenu&)> look = [&](const QMenu& menu) {
        std::map<QChar, QString> taken;
        for (const QAction* action : menu.actions()) {
            if (action->isSeparator() || !action->isVisible()) {
                continue;
            }
            const qsizetype at = action->text().indexOf(QLatin1Char('&'));
            ASSERT_GE(at, 0) << action->text().toStdString();
            const QChar key = action->text().at(at + 1).toLower();
            EXPECT_FALSE(taken.contains(key)) << menu.title().toStdString() << ": " << action->text().toStdString() << " and " << taken[key].toStdString();
            taken[key] = action->text();
            if (action->menu() != nullptr) {
                look(*action->menu());
            }
        }
    };
    for (const QAction* action : window.menuBar()->actions()) {
        look(*action->menu());
    }
}

TEST_F(KeyboardTest, MnemonicsThatAreSeenTogetherAreUnique)
{
    for (int tab = 0; tab < 4; ++tab) {
        window.findChild<SideTabs*>()->openAt(tab);
        QApplication::processEvents();
        std::map<QChar, QString> taken;
        const auto take = [&](const QString& text, const QString& where) {
            const qsizetype at = text.indexOf(QLatin1Char('&'));
            if (at < 0 || at + 1 >= text.size() || text.at(at + 1) == QLatin1Char('&') || text.at(at + 1) == QLatin1Char(' ')) {
                return;
            }
            const QChar key = text.at(at + 1).toLower();
            EXPECT_FALSE(taken.contains(key)) << "side panel " << tab << ": Alt+" << QString(key).toStdString() << " is " << where.toStdString() << " and " << taken[key].toStdString();
            taken[key] = where;
        };
        for (const QAction* action : window.menuBar()->actions()) {
            take(action->text(), action->text());
        }
        for (const auto* button : window.findChildren<QAbstractButton*>()) {
            if (button->isVisible() && !button->inherits("QToolButton")) {
                take(button->text(), button->text());
            }
        }
        for (const auto* label : window.findChildren<QLabel*>()) {
            if (label->isVisible() && label->buddy() != nullptr) {
                take(label->text(), label->text());
            }
        }
    }
}

TEST_F(KeyboardTest, TheFocusCanBeSeenOnEveryKindOfControl)
{
    std::set<QString> kinds;
    for (QWidget* control : tests::visibleControls(window)) {
        const QString kind = QLatin1String(control->metaObject()->className()) + control->objectName().section(QLatin1Char('/'), 0, 0);
        if (!kinds.insert(kind).second) {
            continue;
        }
        window.setFocus();
        window.clearFocus();
        control->clearFocus();
        QApplication::processEvents();
        const QImage before = control->grab().toImage();
        control->setFocus(Qt::TabFocusReason);
        if (!control->hasFocus()) {
            continue; // a proxy has it
        }
        const QImage after = control->grab().toImage();
        EXPECT_NE(before, after) << kind.toStdString() << " looks the same with and without the focus";
    }
    EXPECT_GT(kinds.size(), 10U);
}

} // namespace
} // namespace dubito::ui
