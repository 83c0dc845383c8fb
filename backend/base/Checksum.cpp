// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Checksum.h"

#define XXH_INLINE_ALL
#include <array>
#include <cstdio>
#include <xxhash.h>

namespace dubito {

struct Checksum::State {
    XXH3_state_t xxh;
};

Checksum::Checksum() : m_state(std::make_unique<State>()) { XXH3_128bits_reset(&m_state->xxh); }
Checksum::~Checksum() = default;
Checksum::Checksum(Checksum&&) noexcept = default;
Checksum& Checksum::operator=(Checksum&&) noexcept = default;

void Checksum::add(std::span<const std::byte> bytes)
{
    XXH3_128bits_update(&m_state->xxh, bytes.data(), bytes.size());
}

std::string Checksum::toHex() const
{
    const XXH128_hash_t hash = XXH3_128bits_digest(&m_state->xxh);
    std::array<char, 33> text {};
    std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
        static_cast<unsigned long long>(hash.low64));
    return text.data();
}

std::uint64_t checksum64(std::span<const std::byte> bytes, std::uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string checksumHex(std::span<const std::byte> bytes)
{
    Checksum checksum;
    checksum.add(bytes);
    return checksum.toHex();
}

} // namespace dubito
