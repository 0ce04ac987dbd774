// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/catalog.hpp"

#include "connectors/sources/csv/csv_source.hpp"
#include "connectors/sources/http/http_source.hpp"
#include "connectors/sources/singer/singer_source.hpp"

#include <array>

namespace nudged::sources {
namespace {

constexpr std::array connectors{
    Connector{"csv", check_csv, make_csv},
    Connector{"http", check_http, make_http},
    Connector{"singer", check_singer, make_singer},
};

}  // namespace

std::span<const Connector> catalog() {
    return connectors;
}

const Connector* find_connector(std::string_view name) {
    for (const auto& connector : connectors)
        if (connector.name == name) return &connector;
    return nullptr;
}

}  // namespace nudged::sources
