// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>

namespace dubito::ui {

/// One window per person: a second start asks the first one to come forward, or to open a recorded run, and ends.
///
/// A socket that only its owner may use, in the runtime folder of the session. Works without any bus; where no socket can
/// be made every start has its own window.
class SingleInstance final : public QObject {
    Q_OBJECT

public:
    /// Where the windows of this person meet.
    static QString standardPlace();

    /// Asks the window that listens at `place`. `runFolder`: the recorded run to open; empty: just come forward.
    /// False when none answers within half a second.
    static bool ask(const QString& place, const QString& runFolder = {});

    explicit SingleInstance(QString place, QObject* parent = nullptr);

    /// Answers from now on. False when another window does already, or the place cannot be had.
    bool listen();

Q_SIGNALS:
    void asked(const QString& runFolder);

private:
    void answer();

    QString m_place;
    QLocalServer m_server;
};

} // namespace dubito::ui
