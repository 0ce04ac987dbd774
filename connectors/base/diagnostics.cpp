// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/diagnostics.hpp"

#include <algorithm>

namespace nudged {

std::string Place::str() const {
    std::string text = file;
    if (line > 0) text.append(":").append(std::to_string(line));
    if (line > 0 && column > 0) text.append(":").append(std::to_string(column));
    return text;
}

std::string Diagnostic::str() const {
    std::string text = place.str();
    if (!text.empty()) text += ": ";
    if (severity == Severity::warning) text += "warning: ";
    text += what;
    if (!remedy.empty()) text.append(", ").append(remedy);
    return text;
}

void Diagnostics::error(Place place, std::string what, std::string remedy) {
    items_.push_back(
        {std::move(place), std::move(what), std::move(remedy), Diagnostic::Severity::error});
}

void Diagnostics::warning(Place place, std::string what, std::string remedy) {
    items_.push_back(
        {std::move(place), std::move(what), std::move(remedy), Diagnostic::Severity::warning});
}

bool Diagnostics::has_errors() const {
    return std::any_of(items_.begin(), items_.end(), [](const Diagnostic& item) {
        return item.severity == Diagnostic::Severity::error;
    });
}

std::string Diagnostics::str() const {
    std::string text;
    for (const auto& item : items_) text.append(item.str()).append("\n");
    return text;
}

}  // namespace nudged
