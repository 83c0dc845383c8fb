// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace dubito {

/// XXH3 (128 bits) of bytes that arrive in pieces. Guards against damage, not against malice.
class Checksum {
public:
    Checksum();
    ~Checksum();
    Checksum(Checksum&&) noexcept;
    Checksum& operator=(Checksum&&) noexcept;

    void add(std::span<const std::byte> bytes);

    /// 32 hexadecimal digits of what was added so far.
    std::string toHex() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// XXH3 (64 bits) of one piece: for tables and fingerprints inside the program.
std::uint64_t checksum64(std::span<const std::byte> bytes, std::uint64_t seed = 0);

/// The 32 digits of one piece.
std::string checksumHex(std::span<const std::byte> bytes);

} // namespace dubito
