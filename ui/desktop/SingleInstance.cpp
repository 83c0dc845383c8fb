// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/SingleInstance.h"

#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>

#include <unistd.h>

namespace dubito::ui {

namespace {

constexpr int kPatienceMilliseconds = 500;
constexpr qint64 kLongestMessage = 4096; // as long as a path can be

} // namespace

QString SingleInstance::standardPlace()
{
    const QString name = QStringLiteral("io.github.dubito.Dashboard");
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (QDir::isAbsolutePath(runtime) && QFileInfo(runtime).isDir()) {
        return runtime + QLatin1Char('/') + name;
    }
    return QDir::tempPath() + QStringLiteral("/%1-%2").arg(name).arg(::getuid());
}

bool SingleInstance::ask(const QString& place, const QString& runFolder)
{
    QLocalSocket socket;
    socket.connectToServer(place);
    if (!socket.waitForConnected(kPatienceMilliseconds)) {
        return false;
    }
    const QString folder = runFolder.isEmpty() ? QString() : QFileInfo(runFolder).absoluteFilePath();
    socket.write(folder.toUtf8().left(kLongestMessage - 1) + '\n');
    socket.waitForBytesWritten(kPatienceMilliseconds);
    socket.waitForReadyRead(kPatienceMilliseconds);
    return socket.readAll() == "ok\n";
}

SingleInstance::SingleInstance(QString place, QObject* parent)
    : QObject(parent)
    , m_place(std::move(place))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::answer);
}

bool SingleInstance::listen()
{
    // Asked first: listening with access options renames its socket over one that lives.
    QLocalSocket probe;
    probe.connectToServer(m_place);
    if (probe.waitForConnected(kPatienceMilliseconds)) {
        return false; // another window lives there
    }
    QLocalServer::removeServer(m_place); // a window that died leaves its socket behind
    return m_server.listen(m_place);
}

void SingleInstance::answer()
{
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (!socket->canReadLine()) {
                if (socket->bytesAvailable() > kLongestMessage) {
                    socket->abort();
                }
                return;
            }
            const QString folder = QString::fromUtf8(socket->readLine(kLongestMessage + 1)).trimmed();
            socket->write("ok\n");
            socket->flush();
            socket->disconnectFromServer();
            emit asked(folder);
        });
    }
}

} // namespace dubito::ui
