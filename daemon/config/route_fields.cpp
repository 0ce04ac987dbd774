// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/route_fields.hpp"

#include "connectors/base/text.hpp"

namespace nudged::config {

bool OneOrMore::read(const toml::node& node, std::vector<std::string>& out, const Spot& spot) {
    if (!node.is_string()) return Codec<std::vector<std::string>>::read(node, out, spot);
    out.resize(1);
    return Codec<std::string>::read(node, out.front(), spot);
}

std::optional<Value> OneOrMore::write(const std::vector<std::string>& texts) {
    if (texts.empty()) return std::nullopt;
    if (texts.size() == 1) return Codec<std::string>::write(texts.front());
    return Codec<std::vector<std::string>>::write(texts);
}

bool Addresses::read(const toml::node& node, std::vector<std::string>& out, const Spot& spot) {
    if (!OneOrMore::read(node, out, spot)) return false;
    for (auto& address : out) address = to_lower_ascii(address);
    return true;
}

std::optional<Value> Addresses::write(const std::vector<std::string>& texts) {
    return OneOrMore::write(texts);
}

bool ContactOrAddress::read(const toml::node& node, alerts::Contact& out, const Spot& spot) {
    if (node.is_string()) return AliasEmail::read(node, out.email, spot);
    if (node.is_table()) return Codec<alerts::Contact>::read(node, out, spot);
    spot.wrong_type(node, "an e-mail address or a table",
                    "write { email = \"…\", channel = \"…\" }");
    return false;
}

std::optional<Value> ContactOrAddress::write(const alerts::Contact& contact) {
    if (contact.email.empty()) return std::nullopt;
    return Codec<alerts::Contact>::write(contact);
}

Shape ContactOrAddress::shape() {
    return Shape::either({AliasEmail::shape(), table_shape<alerts::Contact>()});
}

bool InnerRoutes::read(const toml::node& node, std::vector<alerts::Route>& out, const Spot& spot) {
    return Codec<std::vector<alerts::Route>>::read(node, out, spot);
}

std::optional<Value> InnerRoutes::write(const std::vector<alerts::Route>& routes) {
    return Codec<std::vector<alerts::Route>>::write(routes);
}

}  // namespace nudged::config
