// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/data/Document.h"

namespace dubito::data {

/// Where the labels of a document come from.
enum class LabelSource : std::uint8_t {
    Given, ///< by its line
    Scored, ///< by provenance::Scorer
    WeightOne, ///< nowhere: it gets weight 1, and no authority or entropy is invented for it
};

/// Decides, for one document, by config data.unlabelled. A document without labels is never taken for a primary source.
constexpr LabelSource labelSource(bool isLabelled, config::Unlabelled policy)
{
    if (isLabelled) {
        return LabelSource::Given;
    }
    return policy == config::Unlabelled::Score ? LabelSource::Scored : LabelSource::WeightOne;
}

inline LabelSource labelSource(const Document& document, config::Unlabelled policy)
{
    return labelSource(document.isLabelled(), policy);
}

} // namespace dubito::data
