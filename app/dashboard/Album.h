// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Worker.h"
#include "ui/MainWindow.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

namespace dubito {

/// The pictures of resources/screenshots: a name on the command line, and what the window has to show for it.
enum class AlbumView : std::uint8_t { Main, Details, Data, Narrow, Act, Morning, Empty };

inline constexpr std::array kAlbumViewWords { "main", "details", "data", "narrow", "act", "morning", "empty" };

/// Which pictures to take, and where they go.
struct AlbumOptions {
    QString folder; ///< empty: none
    std::vector<AlbumView> views;
    std::vector<ui::ThemeChoice> themes; ///< empty: light, dark and high contrast
    QString suffix; ///< "-200": after the theme in every name
    /// From a change of view to its picture. The usual length is two readings of the window's lag and one look at the run:
    /// the status line then speaks of a window at rest, not of one that has just been photographed.
    std::chrono::milliseconds settling { 4600 };
};

/// Takes the pictures of one run, one after the other: every view in every theme, as `view-theme.png`.
///
/// It waits for the moment that the views are about: a reload for *act*, an ended run for *morning*, else a number of steps
/// and an answer to "is it leaking?". Main thread.
class Album final : public QObject {
    Q_OBJECT

public:
    Album(ui::MainWindow& window, AlbumOptions options);

    /// True while nothing is to be started for it: a replay, or the empty window.
    static bool needsNoRun(const AlbumOptions& options);

    bool isMoment(const session::Snapshot& snapshot, std::int64_t afterSteps) const;
    /// Begins; done() tells the end.
    void take();

Q_SIGNALS:
    /// Empty: all is well; else a sentence about the picture that could not be written.
    void done(const QString& problem);

private:
    struct Shot {
        AlbumView view;
        ui::ThemeChoice theme;
    };

    bool wants(AlbumView view) const;
    void prepare();
    void press();
    /// What the thread that packs had to say about the picture before; it has ended by then.
    QString problem();

    ui::MainWindow& m_window;
    AlbumOptions m_options;
    std::vector<Shot> m_shots;
    std::size_t m_at = 0;
    QTimer m_exposure;
    QString m_problem;
    Worker m_packer; ///< packs and writes a picture: on the window's thread that would be seen in the picture as lag
};

} // namespace dubito
