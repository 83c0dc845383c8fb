// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Theme.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QLocale>
#include <QStandardPaths>

namespace {

/// Any warning of Qt fails the running test: an unknown property, a painter that was never begun, a missing slot.
void failOnWarning(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    // What the offscreen platform cannot do is no fault of the window.
    const bool isOfPlatform = message.startsWith(QStringLiteral("This plugin does not support"));
    if (type == QtDebugMsg || type == QtInfoMsg || isOfPlatform) {
        return;
    }
    ADD_FAILURE() << "Qt says: " << message.toStdString() << " (" << (context.category != nullptr ? context.category : "")
                  << ")";
}

} // namespace

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    qunsetenv("DBUS_SESSION_BUS_ADDRESS"); // no test talks to the desktop of the person who runs it
    QLocale::setDefault(QLocale::c());
    QStandardPaths::setTestModeEnabled(true);
    testing::InitGoogleTest(&argc, argv);
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("dubito-ui-tests"));
    QApplication::setOrganizationName(QStringLiteral("dubito-tests"));
    dubito::ui::applyTheme(application, dubito::ui::Scheme::Light);
    qInstallMessageHandler(failOnWarning);
    return RUN_ALL_TESTS();
}
