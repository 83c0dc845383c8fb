// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/distrust/DistrustTerm.h"

#include <fmt/format.h>

namespace dubito::distrust {

TermSlope termSlope(double authority, double entropy, double alpha)
{
    const double byEntropy = 2 * alpha * component(authority, entropy);
    return { .byAuthority = -byEntropy / (1 - authority + kEpsilon), .byEntropy = byEntropy };
}

Result<void> validateLabels(double authority, double entropy)
{
    // Written so that NaN, which compares false with everything, is refused.
    if (!(authority >= 0 && authority <= kLargestAuthority)) {
        return Error { ErrorCode::Data,
            fmt::format(
                "authority {} is outside [0, {}]; mend the label or remove both labels", authority, kLargestAuthority),
            {} };
    }
    if (!(entropy >= 0 && std::isfinite(entropy))) {
        return Error { ErrorCode::Data,
            fmt::format(
                "entropy {} is not a finite number of 0 or more; mend the label or remove both labels", entropy),
            {} };
    }
    return {};
}

Result<void> validateAlpha(double alpha)
{
    if (!(alpha >= kSmallestAlpha && alpha <= kLargestAlpha)) {
        return Error { ErrorCode::Usage,
            fmt::format("alpha {} is outside the published range [{}, {:.1f}]; set distrust.alpha inside it", alpha,
                kSmallestAlpha, kLargestAlpha),
            "distrust.alpha" };
    }
    return {};
}

Result<double> checkedTerm(double authority, double entropy, double alpha)
{
    if (auto valid = validateAlpha(alpha); !valid) {
        return valid.error();
    }
    if (auto valid = validateLabels(authority, entropy); !valid) {
        return valid.error();
    }
    return term(alpha, component(authority, entropy));
}

Result<std::vector<double>> checkedTerms(
    std::span<const double> authorities, std::span<const double> entropies, double alpha)
{
    if (authorities.size() != entropies.size()) {
        return Error { ErrorCode::Data,
            fmt::format(
                "{} authorities, but {} entropies; each document needs both", authorities.size(), entropies.size()),
            {} };
    }
    if (authorities.empty()) {
        return Error { ErrorCode::Data, "no document: a mean over nothing is undefined", {} };
    }
    std::vector<double> terms;
    terms.reserve(authorities.size());
    for (std::size_t i = 0; i < authorities.size(); ++i) {
        const auto one = checkedTerm(authorities[i], entropies[i], alpha);
        if (!one) {
            Error error = one.error();
            error.where = error.where.empty() ? fmt::format("document {}", i) : error.where;
            return error;
        }
        terms.push_back(*one);
    }
    return terms;
}

} // namespace dubito::distrust
