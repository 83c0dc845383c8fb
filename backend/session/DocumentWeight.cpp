// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/DocumentWeight.h"

#include "backend/distrust/DistrustTerm.h"
#include "backend/distrust/Weighting.h"

namespace dubito::session {

DocumentWeight weighDocument(const data::Document& document, const provenance::Score& score, const config::Config& config)
{
    DocumentWeight weighed;
    weighed.labels = data::labelSource(document, config.data.unlabelled);
    const bool isGiven = weighed.labels == data::LabelSource::Given;
    weighed.authority = isGiven ? *document.authority : score.authority;
    weighed.entropy = isGiven ? *document.entropy : score.entropy;
    weighed.doubt = distrust::component(weighed.authority, weighed.entropy);
    if (weighed.labels != data::LabelSource::WeightOne) {
        weighed.weight = distrust::weightOf(weighed.doubt, config.distrust);
    }
    return weighed;
}

} // namespace dubito::session
