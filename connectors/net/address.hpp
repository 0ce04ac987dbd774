// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/address.hpp>

namespace nudged::net {

/// Whether an address belongs to the internet at large, and neither to this machine nor to a
/// network of its own: loopback, private, link-local (where clouds keep their metadata), shared,
/// multicast and reserved ones are not; IPv4 inside IPv6 counts as what it is. From the
/// special-purpose registries of RFC 6890.
bool is_public(const boost::asio::ip::address& address);

}  // namespace nudged::net
