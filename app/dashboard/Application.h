// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/dashboard/Album.h"
#include "backend/session/SessionApi.h"
#include "ui/MainWindow.h"
#include "ui/SnapshotSignals.h"
#include "ui/desktop/SingleInstance.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <optional>

namespace dubito {

/// What the command line asked of the window.
struct DashboardOptions {
    enum class Begin : std::uint8_t { Wait, Start };

    Begin begin = Begin::Wait;
    QString meetingPlace; ///< where a second start finds this window (SingleInstance); empty: nowhere
    QString screenshot; ///< file; empty: none. The window is not remembered, and no dialog opens
    std::int64_t afterSteps = 30;
    ui::ThemeChoice theme = ui::ThemeChoice::System;
    int width = 1600;
    int height = 1000;
    bool isRecorded = false; ///< the session is a run that has been
    bool wantsPicture() const { return !screenshot.isEmpty() || !album.folder.isEmpty(); }
    AlbumOptions album; ///< with a folder: these pictures instead of the one
};

/// Owns session, adapter and window, in that order, and takes the picture that was asked for.
///
/// Made in main() after QApplication. Main thread.
class Application final : public QObject {
    Q_OBJECT

public:
    Application(std::unique_ptr<session::SessionApi> session, DashboardOptions options);
    ~Application() override;

    /// Shows the window and runs the event loop; the exit code as app/common/ExitCode has it. 0 when the picture was
    /// taken; that of the run when it failed before; OutputFailed when the picture could not be written.
    int run();

private:
    enum class Picture : std::uint8_t { NotWanted, Waits, Draws, Taken };

    void begin();
    void comeForward(const QString& runFolder);
    void look(const ui::SnapshotPointer& snapshot);
    void takePicture();
    void finish(int code);

    std::unique_ptr<session::SessionApi> m_session;
    DashboardOptions m_options;
    ui::SnapshotSignals m_snapshots;
    ui::MainWindow m_window;
    Album m_album;
    ui::SingleInstance m_instance;
    Picture m_picture;
    std::optional<int> m_code;
};

/// Identity, style and font of the program; once, before the first window. Without a desktop that says otherwise, the
/// font is the one of the mock-ups where it is installed.
void prepareApplication();

} // namespace dubito
