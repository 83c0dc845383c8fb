// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/MergedWeights.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <string>
#include <vector>

namespace dubito::model {

namespace {

constexpr std::string_view kWeight = ".weight";

} // namespace

void addAdapter(const Parameter& parameter, const AdapterView& adapter, std::span<float> values)
{
    CHECK(static_cast<std::int64_t>(values.size()) == parameter.count, "a weight has the size of its shape");
    if (!parameter.name.ends_with(kWeight)) {
        return;
    }
    const std::string module = parameter.name.substr(0, parameter.name.size() - kWeight.size());
    const Parameter* a = adapter.layout.find(module + std::string(kLoraA));
    const Parameter* b = adapter.layout.find(module + std::string(kLoraB));
    if (a == nullptr || b == nullptr) {
        return;
    }
    const float* left = adapter.block.data() + b->offset;
    const float* right = adapter.block.data() + a->offset;
    const std::int64_t columns = parameter.shape[1];
    const double scale = adapter.lora.scale();
    std::vector<double> row(static_cast<std::size_t>(columns));
    for (std::int64_t i = 0; i < parameter.shape[0]; ++i) {
        std::fill(row.begin(), row.end(), 0.0);
        for (std::int64_t r = 0; r < adapter.lora.rank; ++r) {
            const double factor = scale * static_cast<double>(left[i * adapter.lora.rank + r]);
            for (std::int64_t j = 0; j < columns; ++j) {
                row[static_cast<std::size_t>(j)] += factor * static_cast<double>(right[r * columns + j]);
            }
        }
        for (std::int64_t j = 0; j < columns; ++j) {
            float& value = values[static_cast<std::size_t>(i * columns + j)];
            value = static_cast<float>(static_cast<double>(value) + row[static_cast<std::size_t>(j)]);
        }
    }
}

} // namespace dubito::model
