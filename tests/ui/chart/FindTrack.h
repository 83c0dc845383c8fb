// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/PlotContent.h"

#include <algorithm>

namespace dubito::tests {

/// The curve with this key; it must be there.
inline const ui::chart::Track& trackOf(const ui::chart::PlotContent& content, const char* key)
{
    return *std::ranges::find(content.tracks, QString::fromLatin1(key), &ui::chart::Track::key);
}

} // namespace dubito::tests
