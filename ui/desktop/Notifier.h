// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Event.h"

#include <QObject>
#include <QString>

#include <chrono>
#include <cstdint>
#include <optional>

namespace dubito::ui {

/// What a desktop notification says.
struct Notice {
    QString title;
    QString text;
    bool urgent = false;
};

/// Which events are worth a notification, and what it says. No paths, no texts of documents. Pure.
std::optional<Notice> noticeOf(const session::Event& event);

/// At most one notice in ten seconds, but always the urgent ones that follow a calm one. Pure state, no clock of its own.
class NoticeGate {
public:
    bool passes(const Notice& notice, std::chrono::milliseconds now);

private:
    std::optional<std::chrono::milliseconds> m_last;
    bool m_lastWasUrgent = false;
};

/// Tells the desktop over D-Bus; a newer notice replaces the one before. Silent where there is no bus.
class Notifier final : public QObject {
    Q_OBJECT

public:
    enum class Speech : std::uint8_t { On, Off };

    explicit Notifier(QObject* parent = nullptr) : QObject(parent) { }

    void setSpeech(Speech speech) { m_speech = speech; }
    void tell(const session::Event& event);

private:
    void send(const Notice& notice);

    Speech m_speech = Speech::On;
    NoticeGate m_gate;
    quint32 m_replaces = 0;
};

} // namespace dubito::ui
