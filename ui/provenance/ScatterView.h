// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/CorpusOverview.h"

#include <QPixmap>
#include <QWidget>

#include <memory>
#include <optional>
#include <string>

namespace dubito::ui {

/// Authority against entropy: one marker a document, larger with its weight, over grey lines of equal weight.
///
/// Shows what CorpusOverview holds; the documents that a class filter hides are drawn no more and counted. A click, or the
/// arrow keys, choose a document. The table beside it has the same numbers for those who cannot see it.
class ScatterView final : public QWidget {
    Q_OBJECT

public:
    explicit ScatterView(QWidget* parent = nullptr);

    void setCorpus(std::shared_ptr<const session::CorpusOverview> corpus);
    /// Hides the other classes; nothing: shows all.
    void setOnlySource(std::optional<std::size_t> source);
    /// Rings this document, also when it is none of the drawn ones.
    void setChosen(const session::DocumentDot& dot);
    void clearChosen();

    /// "640 of 7,895 drawn, chosen evenly; the table and every sum use all of them".
    QString note() const;

    QSize sizeHint() const override { return { 560, 320 }; }
    QSize minimumSizeHint() const override { return { 240, 160 }; }

signals:
    void documentChosen(const QString& id);
    void noteChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Axes {
        QRectF area;
        double highest = 8; ///< entropy at the top

        QPointF at(double authority, double entropy) const;
    };

    Axes axes() const;
    bool isShown(const session::DocumentDot& dot) const;
    int dotAt(const QPointF& position) const;
    void choose(int index);
    int neighbour(int key) const;
    void paintGround(QPainter& painter, const Axes& axes) const;
    void paintLevels(QPainter& painter, const Axes& axes) const;
    void paintLevelTexts(QPainter& painter, const Axes& axes) const;
    void paintChosen(QPainter& painter, const Axes& axes) const;
    void renew();

    std::shared_ptr<const session::CorpusOverview> m_corpus;
    std::optional<std::size_t> m_only;
    std::optional<session::DocumentDot> m_chosen;
    QPixmap m_picture; ///< everything but the ring
};

/// Diameter of a marker: four sizes, so that they can be told apart.
double markerSize(double weight);

} // namespace dubito::ui
