// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <QAccessible>
#include <QStringList>
#include <QWidget>

namespace dubito::tests {

/// The child of this name; when there is none the test fails with the names that are there.
template <typename Kind>
Kind* findChild(const QWidget& parent, const char* name)
{
    Kind* child = parent.findChild<Kind*>(QLatin1String(name));
    if (child == nullptr) {
        QStringList names;
        for (const QWidget* other : parent.findChildren<QWidget*>()) {
            if (!other->objectName().isEmpty() && !other->objectName().startsWith(QLatin1String("qt_"))) {
                names << other->objectName();
            }
        }
        ADD_FAILURE() << "no child '" << name << "'; there are: " << names.join(QLatin1Char(' ')).toStdString();
    }
    return child;
}

/// Controls that one can tab to and that a screen reader has no name for: neither words of their own nor a label beside them.
inline QStringList namelessControls(const QWidget& parent)
{
    QStringList nameless;
    for (QWidget* child : parent.findChildren<QWidget*>()) {
        const bool reachable = (child->focusPolicy() & Qt::TabFocus) != 0 && child->isEnabled()
            && !child->objectName().startsWith(QLatin1String("qt_")) && !child->inherits("QComboBoxListView");
        const auto* spoken = QAccessible::queryAccessibleInterface(child);
        if (reachable && (spoken == nullptr || spoken->text(QAccessible::Name).isEmpty())) {
            nameless << QStringLiteral("%1 '%2'").arg(QLatin1String(child->metaObject()->className()), child->objectName());
        }
    }
    return nameless;
}

} // namespace dubito::tests
