// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/control.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/json.hpp"

#include <algorithm>

namespace nudged::crmsim::salesforce {
namespace {

const rapidjson::Value* member(const rapidjson::Value& order, const char* name) {
    const auto found = order.FindMember(name);
    return found == order.MemberEnd() ? nullptr : &found->value;
}

void read(bool& target, const rapidjson::Value& order, const char* name) {
    const auto* value = member(order, name);
    if (value != nullptr && value->IsBool()) target = value->GetBool();
}

void read(std::string& target, const rapidjson::Value& order, const char* name) {
    if (member(order, name) != nullptr) target = loopback::text_member(order, name);
}

void read(std::set<std::string>& target, const rapidjson::Value& order, const char* name) {
    const auto* list = loopback::array_member(order, name);
    if (list == nullptr) return;
    target.clear();
    for (const auto& text : list->GetArray())
        if (text.IsString()) target.insert(to_lower_ascii(text.GetString()));
}

}  // namespace

void change_settings(Settings& settings, const rapidjson::Value& order) {
    const auto* size = member(order, "page_size");
    if (size != nullptr && size->IsInt())
        settings.page_size = static_cast<std::size_t>(std::max(1, size->GetInt()));
    const auto* polls = member(order, "bulk_polls");
    if (polls != nullptr && polls->IsInt()) settings.bulk_polls = polls->GetInt();
    read(settings.hidden, order, "hidden");
    read(settings.other_peoples, order, "other_peoples");
    read(settings.multi_currency, order, "multi_currency");
    read(settings.sliding, order, "sliding");
    read(settings.instance_url, order, "instance_url");
    read(settings.bulk_failure, order, "bulk_failure");
}

}  // namespace nudged::crmsim::salesforce
