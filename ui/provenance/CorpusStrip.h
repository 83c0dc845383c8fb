// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"

#include <array>
#include <memory>

class QFrame;

namespace dubito::ui {

class TextLabel;

/// What each source class has of the documents and of the gradient weight, as two bars of 100 %.
class ShareBars final : public QWidget {
    Q_OBJECT

public:
    explicit ShareBars(QWidget* parent = nullptr);

    void setCorpus(std::shared_ptr<const session::CorpusOverview> corpus);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return { 300, sizeHint().height() }; }
    /// How many classes the key has no room for: it ends with their number, and the tool-tip has them all.
    int missingInKey() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::size_t inKey() const;
    int paintKey(QPainter& painter) const;
    void paintBar(QPainter& painter, const QRect& where, double session::SourceShare::* share) const;

    std::shared_ptr<const session::CorpusOverview> m_corpus;
};

/// How much of a whole, with the mark below which the run warns.
class ShareGauge final : public QWidget {
    Q_OBJECT

public:
    explicit ShareGauge(QWidget* parent = nullptr);

    void setShare(double share, double warnBelow);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_share = 0;
    double m_warn = 0;
};

/// The corpus as a whole, above its documents: how many, how many without labels, how many of them really count, and who
/// gets the gradient.
class CorpusStrip final : public Panel {
    Q_OBJECT

public:
    explicit CorpusStrip(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

private:
    struct Cell {
        TextLabel* name = nullptr;
        TextLabel* figure = nullptr;
        TextLabel* help = nullptr;
    };
    Cell addCell(const QString& name, int stretch, QWidget* beside = nullptr);

    std::array<Cell, 3> m_cells {};
    ShareGauge* m_gauge;
    ShareBars* m_bars;
    QFrame* m_frame;
    std::shared_ptr<const session::CorpusOverview> m_corpus;
};

} // namespace dubito::ui
