// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFontMetrics>
#include <QLabel>
#include <QPainter>

namespace dubito::ui::chart {

/// Remarks, three blanks between them, in what room is left: as many whole ones as fit. The tool-tip has all of them.
class NoteLabel : public QLabel {
    Q_OBJECT

public:
    explicit NoteLabel(QWidget* parent)
        : QLabel(parent)
    {
        setTextFormat(Qt::PlainText);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }

    QSize minimumSizeHint() const override { return { 0, QLabel::minimumSizeHint().height() }; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setPen(palette().color(foregroundRole()));
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, fitting(text(), width()));
    }

private:
    QString fitting(const QString& remarks, int room) const
    {
        QString shown = remarks;
        while (fontMetrics().horizontalAdvance(shown) > room) {
            const qsizetype last = shown.lastIndexOf(QStringLiteral("   "));
            if (last <= 0) {
                return fontMetrics().elidedText(shown, Qt::ElideRight, room);
            }
            shown.truncate(last);
        }
        return shown;
    }
};

} // namespace dubito::ui::chart
