// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Snapshot.h"

#include <QString>
#include <QWidget>

#include <chrono>
#include <optional>
#include <vector>

class QPainter;

namespace dubito::ui {

/// The night as a timeline: what the machine had free and what Dubito held, pauses, reloads and the end marked, and below
/// it when it trained and when it stood.
class NightView final : public QWidget {
    Q_OBJECT

public:
    explicit NightView(QWidget* parent = nullptr);

    /// Takes what it needs; without recorded memory there is nothing to draw.
    void setRun(const session::Snapshot& snapshot);
    bool isEmpty() const { return m_free.size() < 2; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return { 300, sizeHint().height() }; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Point {
        double seconds = 0; ///< since the run began
        double gib = 0;
    };
    struct Mark {
        double seconds = 0;
        double length = 0; ///< seconds it stood
        session::EventKind kind = session::EventKind::Start;
        QString text;
        std::int64_t step = 0;
    };

    static std::vector<Point> pointsOf(const session::Snapshot& snapshot, dubito::metrics::Metric metric);
    double xOf(double seconds) const;
    QRectF area() const;
    void paintAxes(QPainter& painter, double most) const;
    void paintCurves(QPainter& painter, double most) const;
    void paintMarks(QPainter& painter) const;
    void paintBar(QPainter& painter) const;
    void paintTrained(QPainter& painter, const QRectF& box, std::int64_t steps) const;

    std::vector<Point> m_free; ///< at most what a series holds
    std::vector<Point> m_resident;
    std::vector<Mark> m_marks; ///< at most 512: pauses, reloads, the end
    std::optional<std::chrono::system_clock::time_point> m_began;
    double m_pauseBelow = 0; ///< GiB; 0: off
    double m_end = 1; ///< seconds
    std::int64_t m_steps = 0;
};

} // namespace dubito::ui
