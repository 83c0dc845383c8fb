// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/Notifier.h"

#include "ui/Format.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QStringList>
#include <QVariantMap>

#include <algorithm>
#include <array>

namespace dubito::ui {

using session::EventKind;
using namespace std::chrono_literals;

namespace {

constexpr auto kBetween = 10s;

struct Row {
    EventKind kind;
    const char* title;
    bool urgent;
};

constexpr std::array kRows {
    Row { EventKind::Finish, QT_TRANSLATE_NOOP("dubito::ui::Notifier", "The run is done"), false },
    Row { EventKind::Fail, QT_TRANSLATE_NOOP("dubito::ui::Notifier", "The run failed"), true },
    Row { EventKind::Pause, QT_TRANSLATE_NOOP("dubito::ui::Notifier", "The run is paused"), false },
    Row { EventKind::Reload, QT_TRANSLATE_NOOP("dubito::ui::Notifier", "The model was reloaded"), false },
    Row { EventKind::Warn, QT_TRANSLATE_NOOP("dubito::ui::Notifier", "Perhaps a memory leak"), false },
    Row { EventKind::Act, QT_TRANSLATE_NOOP("dubito::ui::Notifier", "A memory leak"), true },
    Row { EventKind::Retained, QT_TRANSLATE_NOOP("dubito::ui::Notifier", "Memory did not come back"), true },
    Row { EventKind::GiveUp, QT_TRANSLATE_NOOP("dubito::ui::Notifier", "Training is paused: reloading does not help"), true },
};

/// Asking for the bus where none is would start one, or wait for it.
bool hasSessionBus() { return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS"); }

} // namespace

std::optional<Notice> noticeOf(const session::Event& event)
{
    const auto row = std::ranges::find(kRows, event.kind, &Row::kind);
    if (row == kRows.end() || (event.kind == EventKind::Pause && event.cause == "user")) {
        return std::nullopt;
    }
    constexpr qsizetype kLongest = 200;
    return Notice { Notifier::tr(row->title), Notifier::tr("Step %1: %2").arg(format::count(event.step), format::text(event.text).left(kLongest).simplified()), row->urgent };
}

bool NoticeGate::passes(const Notice& notice, std::chrono::milliseconds now)
{
    const bool early = m_last && now - *m_last < kBetween;
    if (early && (m_lastWasUrgent || !notice.urgent)) {
        return false;
    }
    m_last = now;
    m_lastWasUrgent = notice.urgent;
    return true;
}

void Notifier::tell(const session::Event& event)
{
    const auto notice = noticeOf(event);
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
    if (notice && m_speech == Speech::On && m_gate.passes(*notice, now) && hasSessionBus()) {
        send(*notice);
    }
}

void Notifier::send(const Notice& notice)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        return;
    }
    QDBusMessage call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"),
        QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
    const QVariantMap hints { { QStringLiteral("desktop-entry"), QStringLiteral("io.github.dubito.Dashboard") },
        { QStringLiteral("urgency"), QVariant::fromValue<uchar>(notice.urgent ? 2 : 1) } };
    call.setArguments({ QStringLiteral("Dubito"), m_replaces, QStringLiteral("io.github.dubito.Dashboard"), notice.title, notice.text.toHtmlEscaped(), QStringList(), hints, -1 });
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<quint32> reply = *done;
        m_replaces = reply.isValid() ? reply.value() : 0;
        done->deleteLater();
    });
}

} // namespace dubito::ui
