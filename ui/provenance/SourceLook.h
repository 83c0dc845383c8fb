// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Theme.h"

#include <QString>

#include <cstdint>
#include <string>

class QPainter;

namespace dubito::ui {

/// The marker of a source class: shape and colour together, so that neither has to be told apart alone.
enum class Marker : std::uint8_t { Circle, Triangle, Square, Diamond, Star, Pentagon };

struct SourceLook {
    Marker marker = Marker::Circle;
    QColor color;
    QString word; ///< "lab notebook"
};

/// The look of the class at a place of metrics::kSourceWords. The six of the published corpora have the colours of the
/// source shares; the others share greys and differ in shape.
SourceLook sourceLook(std::size_t place, const Theme& theme);

/// A class as the backend spells it, for people: "lab notebook".
QString sourceWord(const std::string& sourceClass);

/// Edge in full colour, fill at half.
void paintMarker(QPainter& painter, Marker marker, const QPointF& center, double size, const QColor& color);

} // namespace dubito::ui
