// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/chart/Plot.h"

#include <QElapsedTimer>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace dubito::ui::chart {

/// How long news may wait before it is drawn, by the pixels it moves the picture: what nobody can see is not worth the
/// work, and what moves a little is seen as well a moment later.
std::chrono::milliseconds patienceFor(double pixels);

/// How long a plot waits after it was made for `cost` of processor time, so that a plot takes at most half a hundredth of one
/// core however slow the machine; but never longer than two seconds.
std::chrono::nanoseconds restAfter(std::chrono::nanoseconds cost);

/// A panel that is one plot: a pure function makes its content from the snapshot.
///
/// The same revision twice is looked at once. While a run goes on and nothing but its curves has changed, the content is
/// made again only when that can be seen (patienceFor()) and paid (restAfter()); if no other snapshot comes in time, snapshotWanted() asks for
/// the last one. Hidden, it takes the content and draws nothing.
class PlotPanel : public Panel {
    Q_OBJECT

public:
    using ContentOf = PlotContent (*)(const session::Snapshot& snapshot);

    /// The group must outlive the panel.
    PlotPanel(PlotGroup& group, ContentOf contentOf, QWidget* parent);

    void display(const session::Snapshot& snapshot) override;

    /// Another run, laid behind this one from the next content on; null: none.
    void setBeside(std::shared_ptr<const session::Snapshot> beside);

    /// The same snapshot will bring other numbers: the next one is looked at, whatever its revision.
    void forget() { m_revision.reset(); }

    Plot& plot() { return *m_plot; }

signals:
    void snapshotWanted();

private:
    /// What, besides the curves, a plot may show: when it changes, the plot is made again at once.
    struct Words {
        std::string runName;
        train::RunState state = train::RunState::Idle;
        memory::Decision decision = memory::Decision::None;
        std::uint64_t config = 0;
        std::size_t series = 0;

        friend bool operator==(const Words&, const Words&) = default;
    };

    static Words wordsOf(const session::Snapshot& snapshot);
    std::chrono::nanoseconds patience(const session::Snapshot& snapshot) const;

    PlotGroup& m_group;
    ContentOf m_contentOf;
    Plot* m_plot;
    std::shared_ptr<const session::Snapshot> m_beside;
    std::optional<std::uint64_t> m_revision; ///< of the content
    Words m_words;
    std::int64_t m_step = 0;
    std::chrono::milliseconds m_time { 0 };
    std::chrono::nanoseconds m_cost { 0 }; ///< of making the newest content
    QElapsedTimer m_sinceContent;
    QTimer m_late; ///< asks for the snapshot when news has waited long enough
};

} // namespace dubito::ui::chart
