// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/dropped_fields.hpp"

namespace nudged::sources {

std::string DroppedFields::subject_of(const Variables& variables) {
    std::string subject;
    for (const auto& [name, value] : variables) {
        // What is not from the manifest has a dot in its name: {page.token}, {window.lo}.
        const auto* text = std::get_if<std::string>(&value);
        if (text && name.find('.') == std::string::npos) subject += name + '=' + *text + '\n';
    }
    return subject;
}

bool DroppedFields::drop(const std::string& subject, const std::string& field) {
    return dropped_[subject].insert(field).second;
}

void DroppedFields::hide(const std::string& subject, std::set<std::string> fields) {
    hidden_[subject] = std::move(fields);
}

std::vector<std::string> DroppedFields::kept(const std::string& subject,
                                             const std::vector<std::string>& fields) const {
    const auto holds = [&](const auto& sets, const std::string& field) {
        const auto found = sets.find(subject);
        return found != sets.end() && found->second.contains(field);
    };
    std::vector<std::string> kept;
    for (const auto& field : fields)
        if (!holds(dropped_, field) && !holds(hidden_, field)) kept.push_back(field);
    return kept;
}

}  // namespace nudged::sources
