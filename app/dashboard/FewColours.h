// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

namespace dubito {

/// The picture with at most 256 colours of its own, by median cut, undithered: a third of the bytes as PNG, and no
/// difference to be seen in pictures of flat things with smooth edges. With few enough colours it is exact.
QImage withFewColours(const QImage& picture);

} // namespace dubito
