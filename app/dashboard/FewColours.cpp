// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/dashboard/FewColours.h"

#include <QHash>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace dubito {

namespace {

constexpr std::size_t kMostColours = 256;
constexpr std::size_t kMostGrounds = 32;
constexpr int kGroundShare = 1000; ///< a colour with more than this part of the picture is a ground and stays as it is

struct Counted {
    QRgb colour = 0;
    double weight = 0;

    int channel(int which) const { return which == 0 ? qRed(colour) : which == 1 ? qGreen(colour) : qBlue(colour); }
};

/// Colours that become one: [begin, end) of the list.
struct Box {
    std::size_t begin = 0;
    std::size_t end = 0;
    int widest = 0; ///< channel
    double cost = 0; ///< what splitting it is worth
};

Box makeBox(const std::vector<Counted>& colours, std::size_t begin, std::size_t end)
{
    Box box { begin, end };
    double weight = 0;
    for (std::size_t i = begin; i < end; ++i) {
        weight += colours[i].weight;
    }
    int width = -1;
    for (int which = 0; which < 3; ++which) {
        int least = 255, most = 0;
        for (std::size_t i = begin; i < end; ++i) {
            least = std::min(least, colours[i].channel(which));
            most = std::max(most, colours[i].channel(which));
        }
        if (most - least > width) {
            width = most - least;
            box.widest = which;
        }
    }
    box.cost = width * width * std::sqrt(weight);
    return box;
}

/// Where half of the weight lies on either side, both sides not empty.
std::size_t middleOf(const std::vector<Counted>& colours, const Box& box)
{
    double whole = 0;
    for (std::size_t i = box.begin; i < box.end; ++i) {
        whole += colours[i].weight;
    }
    double so = 0;
    for (std::size_t i = box.begin; i + 1 < box.end; ++i) {
        so += colours[i].weight;
        if (so >= whole / 2) {
            return i + 1;
        }
    }
    return box.end - 1;
}

QRgb meanOf(const std::vector<Counted>& colours, const Box& box)
{
    std::array<double, 3> sums {};
    double weight = 0;
    for (std::size_t i = box.begin; i < box.end; ++i) {
        for (int which = 0; which < 3; ++which) {
            sums[static_cast<std::size_t>(which)] += colours[i].channel(which) * colours[i].weight;
        }
        weight += colours[i].weight;
    }
    const auto level = [&](std::size_t which) { return static_cast<int>(std::lround(sums[which] / weight)); };
    return qRgb(level(0), level(1), level(2));
}

std::vector<Counted> coloursOf(const QImage& picture)
{
    QHash<QRgb, std::int64_t> counts;
    for (int y = 0; y < picture.height(); ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
        for (int x = 0; x < picture.width(); ++x) {
            ++counts[line[x]];
        }
    }
    std::vector<Counted> colours;
    for (auto each = counts.cbegin(); each != counts.cend(); ++each) {
        colours.push_back({ each.key(), std::sqrt(static_cast<double>(each.value())) }); // thin lines count, too
    }
    std::ranges::sort(colours, {}, &Counted::colour); // a hash has no order
    return colours;
}

/// The grounds, each a box of its own, moved to the front: a mean would tint large surfaces.
std::vector<Box> setGroundsApart(std::vector<Counted>& colours, std::int64_t pixels)
{
    std::ranges::stable_sort(colours, std::ranges::greater {}, &Counted::weight);
    const double least = std::sqrt(static_cast<double>(pixels) / kGroundShare);
    std::vector<Box> grounds;
    while (grounds.size() < std::min(kMostGrounds, colours.size()) && colours[grounds.size()].weight > least) {
        grounds.push_back(makeBox(colours, grounds.size(), grounds.size() + 1));
    }
    return grounds;
}

std::vector<Box> cut(std::vector<Counted>& colours, std::int64_t pixels)
{
    std::vector<Box> boxes = setGroundsApart(colours, pixels);
    if (boxes.size() < colours.size()) {
        boxes.push_back(makeBox(colours, boxes.size(), colours.size()));
    }
    while (boxes.size() < std::min(kMostColours, colours.size())) {
        const auto worst = std::ranges::max_element(boxes, {}, [](const Box& box) { return box.end - box.begin > 1 ? box.cost : -1; });
        const Box box = *worst;
        std::sort(colours.begin() + static_cast<std::ptrdiff_t>(box.begin), colours.begin() + static_cast<std::ptrdiff_t>(box.end),
            [&](const Counted& a, const Counted& b) { return a.channel(box.widest) < b.channel(box.widest); });
        const std::size_t middle = middleOf(colours, box);
        *worst = makeBox(colours, box.begin, middle);
        boxes.push_back(makeBox(colours, middle, box.end));
    }
    return boxes;
}

} // namespace

QImage withFewColours(const QImage& picture)
{
    const QImage rgb = picture.convertToFormat(QImage::Format_RGB32);
    if (rgb.isNull()) {
        return picture;
    }
    std::vector<Counted> colours = coloursOf(rgb);
    const std::vector<Box> boxes = cut(colours, std::int64_t { rgb.width() } * rgb.height());
    QHash<QRgb, uchar> indices;
    QList<QRgb> table;
    for (const Box& box : boxes) {
        for (std::size_t i = box.begin; i < box.end; ++i) {
            indices[colours[i].colour] = static_cast<uchar>(table.size());
        }
        table << meanOf(colours, box);
    }
    QImage few(rgb.size(), QImage::Format_Indexed8);
    few.setColorTable(table);
    for (int y = 0; y < rgb.height(); ++y) {
        const auto* from = reinterpret_cast<const QRgb*>(rgb.constScanLine(y));
        uchar* to = few.scanLine(y);
        for (int x = 0; x < rgb.width(); ++x) {
            to[x] = indices.value(from[x]);
        }
    }
    return few;
}

} // namespace dubito
