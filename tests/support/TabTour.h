// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QButtonGroup>
#include <QStringList>
#include <QTest>
#include <QWidget>

#include <set>

namespace dubito::tests {

/// Every control of a window that can be seen now and takes the focus by Tab.
inline std::set<QWidget*> visibleControls(const QWidget& window)
{
    std::set<QWidget*> controls;
    for (QWidget* child : window.findChildren<QWidget*>()) {
        const bool isPart = child->objectName().startsWith(QLatin1String("qt_")) || child->focusProxy() != nullptr;
        if (child->isVisible() && child->isEnabled() && !isPart && (child->focusPolicy() & Qt::TabFocus) != 0) {
            controls.insert(child);
        }
    }
    return controls;
}

/// What a person comes to who presses Tab again and again, from `begin` on. Requires: the window is active.
inline std::set<QWidget*> reachedByTab(const QWidget& window, QWidget* begin)
{
    std::set<QWidget*> reached;
    begin->setFocus(Qt::TabFocusReason);
    const QWidget* at = window.focusWidget();
    for (int i = 0; i < 1500; ++i) {
        QWidget* focused = window.focusWidget();
        if (focused == nullptr || (i > 0 && focused == at)) {
            break; // once around
        }
        reached.insert(focused);
        for (int marks = 0; marks < 600 && window.focusWidget() == focused; ++marks) {
            QTest::keyClick(focused, Qt::Key_Tab); // in a chart Tab goes through the marks first
        }
    }
    return reached;
}

/// The controls that Tab misses; of exclusive buttons the chosen one is reached, the arrow keys do the rest.
inline QString missedByTab(const QWidget& window, QWidget* begin)
{
    const auto reached = reachedByTab(window, begin);
    QStringList missed;
    for (QWidget* control : visibleControls(window)) {
        const auto* button = qobject_cast<QAbstractButton*>(control);
        const bool isExclusive = button != nullptr && !button->isChecked() && (button->autoExclusive() || (button->group() != nullptr && button->group()->exclusive()));
        if (!reached.contains(control) && !isExclusive) {
            missed << QStringLiteral("%1 '%2'").arg(QLatin1String(control->metaObject()->className()), control->objectName());
        }
    }
    return missed.join(QLatin1String(", "));
}

} // namespace dubito::tests
