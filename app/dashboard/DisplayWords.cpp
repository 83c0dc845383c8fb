// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/dashboard/DisplayWords.h"

#include "app/common/Console.h"
#include "app/common/ExitCode.h"

#include <QString>
#include <string>
#include <unistd.h>

namespace {

/// What the platform said before it gave up: "could not connect to display :9".
std::string& reason()
{
    static std::string said;
    return said;
}

void hear(QtMsgType type, const QMessageLogContext&, const QString& message)
{
    using namespace dubito::app;
    if (type != QtFatalMsg) {
        if (reason().empty()) {
            reason() = message.trimmed().toStdString();
        }
        return;
    }
    if (reason().empty()) {
        reason() = message.section('\n', 0, 0).trimmed().toStdString();
    }
    say(stderr,
        "dubito-dashboard: no window can be opened: {}\n"
        "  With a display, say which: DISPLAY=:0 or WAYLAND_DISPLAY=wayland-0, and over ssh: ssh -X.\n"
        "  Without one train in the terminal, with dubito train or ./run --headless; a picture of a run needs none:\n"
        "  QT_QPA_PLATFORM=offscreen dubito-dashboard --replay RUN --screenshot FILE\n",
        reason());
    ::_exit(toInt(ExitCode::Usage));
}

} // namespace

DisplayWords::DisplayWords() : m_before(qInstallMessageHandler(hear)) { }

DisplayWords::~DisplayWords()
{
    qInstallMessageHandler(m_before);
    if (!reason().empty()) {
        dubito::app::say(stderr, "{}\n", reason()); // it went well, and yet something was said
        reason().clear();
    }
}
