// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace nudged::net {
namespace {

namespace ip = boost::asio::ip;

struct Block {
    std::uint32_t first;
    int bits;
};

constexpr std::array<Block, 13> special_blocks{{{0x00000000, 8},    // this network
                                                {0x0A000000, 8},    // 10/8
                                                {0x64400000, 10},   // 100.64/10, shared
                                                {0x7F000000, 8},    // loopback
                                                {0xA9FE0000, 16},   // link-local, metadata
                                                {0xAC100000, 12},   // 172.16/12
                                                {0xC0000000, 24},   // 192.0.0/24
                                                {0xC0000200, 24},   // documentation
                                                {0xC0A80000, 16},   // 192.168/16
                                                {0xC6120000, 15},   // benchmarks
                                                {0xC6336400, 24},   // documentation
                                                {0xCB007100, 24},   // documentation
                                                {0xE0000000, 3}}};  // multicast, reserved

bool is_public_v4(std::uint32_t address) {
    return std::none_of(special_blocks.begin(), special_blocks.end(), [&](const Block& block) {
        return (address ^ block.first) >> (32 - block.bits) == 0;
    });
}

std::uint32_t number_at(const ip::address_v6::bytes_type& bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = at; i < at + 4; ++i) number = number << 8 | bytes[i];
    return number;
}

}  // namespace

bool is_public(const ip::address& address) {
    if (address.is_v4()) return is_public_v4(address.to_v4().to_uint());
    const auto bytes = address.to_v6().to_bytes();
    const auto starts_with = [&](std::initializer_list<unsigned char> prefix) {
        return std::equal(prefix.begin(), prefix.end(), bytes.begin());
    };
    if (address.to_v6().is_v4_mapped() ||
        starts_with({0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}))  // RFC 6052
        return is_public_v4(number_at(bytes, 12));
    if (starts_with({0x20, 0x02})) return is_public_v4(number_at(bytes, 2));  // 6to4
    if (starts_with({0x20, 0x01, 0x0D, 0xB8}) || starts_with({0x20, 0x01, 0x00, 0x00}))
        return false;                  // documentation, Teredo
    return (bytes[0] & 0xE0) == 0x20;  // all that has been given out so far: 2000::/3
}

}  // namespace nudged::net
