// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/SleepInhibitor.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>

namespace dubito::ui {

namespace {

bool hasSystemBus()
{
    return qEnvironmentVariableIsSet("DBUS_SYSTEM_BUS_ADDRESS") || QFileInfo::exists(QStringLiteral("/run/dbus/system_bus_socket"));
}

} // namespace

void SleepInhibitor::setWish(Wish wish)
{
    if (wish == m_wish) {
        return;
    }
    m_wish = wish;
    if (wish == Wish::Whatever) {
        m_held = QDBusUnixFileDescriptor();
    } else if (hasSystemBus()) {
        ask();
    }
}

void SleepInhibitor::ask()
{
    QDBusConnection bus = QDBusConnection::systemBus();
    if (!bus.isConnected()) {
        return;
    }
    QDBusMessage call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.login1"), QStringLiteral("/org/freedesktop/login1"),
        QStringLiteral("org.freedesktop.login1.Manager"), QStringLiteral("Inhibit"));
    call.setArguments({ QStringLiteral("sleep:idle"), QStringLiteral("Dubito"), tr("A model is being trained"), QStringLiteral("block") });
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *done;
        if (reply.isValid() && m_wish == Wish::Awake) {
            m_held = reply.value();
        }
        done->deleteLater();
    });
}

} // namespace dubito::ui
