// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"
#include "backend/data/BatchSampler.h"
#include "backend/session/Command.h"
#include "backend/session/Snapshot.h"

#include <stop_token>

namespace dubito::session {

inline constexpr std::int64_t kDocumentsPerPage = 64;

/// Reads the training corpus of a configuration again and answers with one page of scored documents: those whose id,
/// title, source type or text holds the filter, whatever the case, from `wanted.first` on, or the page that holds
/// `wanted.holding`, in the order that is wanted.
///
/// Streaming: memory is that of a page, and in a sorted list that of the keys before its end, at most kSortedReach; a page
/// that begins behind that is the last one before it. A sorted list reads the corpus twice, three times to find a document.
///
/// `scale` makes raw weights those of the run. ErrorCode::Refused when it was stopped.
Result<DocumentPage> findDocuments(
    const config::Config& config, const ShowDocuments& wanted, const data::WeightScale& scale, std::stop_token stop);

} // namespace dubito::session
