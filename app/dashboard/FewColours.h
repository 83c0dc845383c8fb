// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

namespace dubito {

/// The picture with at most 256 colours of its own, by median cut, undithered: a third of the bytes as PNG, and no
/// difference to be seen in pictures of flat things with smooth edges. Grounds keep their colour to the bit; with few
/// enough colours everything does.
QImage withFewColours(const QImage& picture);

} // namespace dubito
