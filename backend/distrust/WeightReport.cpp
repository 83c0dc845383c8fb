// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/distrust/WeightReport.h"

#include "backend/base/Check.h"

namespace dubito::distrust {

namespace {

double shareOf(double sum, double squares, std::int64_t documents)
{
    if (documents == 0 || squares <= 0) {
        return 1;
    }
    return sum / squares * sum / static_cast<double>(documents);
}

} // namespace

double effectiveSampleShare(std::span<const double> weights)
{
    double sum = 0;
    double squares = 0;
    for (const double weight : weights) {
        sum += weight;
        squares += weight * weight;
    }
    return shareOf(sum, squares, static_cast<std::int64_t>(weights.size()));
}

void WeightReport::add(const WeightedDocument& document)
{
    CHECK(document.sourceClass >= 0, "a source class has no negative index");
    ++m_documents;
    m_belowZero += document.c < 0 ? 1 : 0;
    m_sum += document.weight;
    m_squares += document.weight * document.weight;
    const auto index = static_cast<std::size_t>(document.sourceClass);
    while (m_classes.size() <= index) {
        m_classes.push_back({ .sourceClass = static_cast<std::int64_t>(m_classes.size()) });
    }
    const bool byTargets = m_reduction == config::LossReduction::Token;
    m_classes[index].documents += 1;
    m_classes[index].share += document.weight * (byTargets ? static_cast<double>(document.targets) : 1.0);
}

double WeightReport::effectiveSampleShare() const { return shareOf(m_sum, m_squares, m_documents); }

std::vector<ClassShare> WeightReport::shares() const
{
    double whole = 0;
    for (const ClassShare& one : m_classes) {
        whole += one.share;
    }
    std::vector<ClassShare> shares = m_classes;
    for (ClassShare& one : shares) {
        one.share = whole > 0 ? one.share / whole : 0;
    }
    return shares;
}

} // namespace dubito::distrust
