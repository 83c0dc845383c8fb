// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Symbol.h"

#include <QFont>
#include <QString>
#include <QVector>
#include <QWidget>

#include <cstdint>

namespace dubito::ui {

enum class Ink : std::uint8_t { Value, Label, Unit, Accent, Healthy, Warn, Failed };

/// The ink of words that stand beside a symbol of this tone.
Ink inkOf(Tone tone);

/// A piece of a line in one weight and one ink.
struct Span {
    QString text;
    Ink ink = Ink::Value;
    QFont::Weight weight = QFont::Normal;

    friend bool operator==(const Span&, const Span&) = default;
};

/// One line of words that is never clipped: what does not fit ends in dots and stands in the tool-tip.
///
/// Always plain text, whatever it holds. Its accessible name is what it shows.
class TextLabel final : public QWidget {
    Q_OBJECT

public:
    explicit TextLabel(TypeSize size = TypeSize::Base, QWidget* parent = nullptr);

    void setText(const QString& text, Ink ink = Ink::Value, QFont::Weight weight = QFont::Normal);
    void setSpans(const QVector<Span>& spans);
    void setSize(TypeSize size);
    void setAlignment(Qt::Alignment alignment);
    QString text() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    int fullWidth() const;
    void tellWhatIsHidden();

    TypeSize m_size;
    Qt::Alignment m_alignment = Qt::AlignLeft;
    QVector<Span> m_spans;
};

QColor colorOf(Ink ink, const Theme& theme);

} // namespace dubito::ui
