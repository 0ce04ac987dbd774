// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/template.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/text.hpp"
#include "connectors/net/http.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace nudged::sources {
namespace {

constexpr std::string_view each_prefix = "each.";

std::string in_form(Instant instant, TimeForm form) {
    switch (form) {
    case TimeForm::epoch_ms: return std::to_string(to_millis(instant));
    case TimeForm::epoch_s: return std::to_string(to_millis(instant) / 1000);
    case TimeForm::date:
        return format_date(std::chrono::local_days{
            std::chrono::floor<std::chrono::days>(instant).time_since_epoch()});
    default: return format_instant(instant);
    }
}

std::string in_form(const std::string& text, TimeForm form) {
    switch (form) {
    case TimeForm::md5: return crypto::hex(crypto::digest(crypto::Digest::md5, text));
    case TimeForm::sha1: return crypto::hex(crypto::digest(crypto::Digest::sha1, text));
    case TimeForm::sha256: return crypto::hex(crypto::digest(crypto::Digest::sha256, text));
    default: return text;
    }
}

std::optional<std::string> text_of(const Variable& variable, TimeForm form) {
    if (const auto* text = std::get_if<std::string>(&variable)) return in_form(*text, form);
    if (const auto* number = std::get_if<std::int64_t>(&variable)) return std::to_string(*number);
    if (const auto* instant = std::get_if<Instant>(&variable)) return in_form(*instant, form);
    if (const auto* list = std::get_if<std::vector<std::string>>(&variable))
        return fmt::format("{}", fmt::join(*list, ","));
    return std::nullopt;
}

const Variable& lookup(const Variables& variables, const std::string& name) {
    static const Variable nothing;
    const auto found = variables.find(name);
    return found == variables.end() ? nothing : found->second;
}

std::optional<TimeForm> form_of(std::string_view name) {
    if (name == "iso") return TimeForm::iso;
    if (name == "epoch_ms") return TimeForm::epoch_ms;
    if (name == "epoch_s") return TimeForm::epoch_s;
    if (name == "date") return TimeForm::date;
    if (name == "md5") return TimeForm::md5;
    if (name == "sha1") return TimeForm::sha1;
    if (name == "sha256") return TimeForm::sha256;
    return std::nullopt;
}

/// "window.lo as epoch_ms string"
std::optional<Template::Placeholder> placeholder_of(std::string_view inside) {
    std::vector<std::string_view> words;
    for (const auto word : split(inside, ' '))
        if (!word.empty()) words.push_back(word);
    if (words.empty()) return std::nullopt;
    Template::Placeholder placeholder{.name = std::string{words[0]}};
    if (words.size() == 1) return placeholder;
    if (words.size() > 4 || words.size() < 3 || words[1] != "as") return std::nullopt;
    if (words.back() == "string") {
        placeholder.as_string = true;
        words.pop_back();
    }
    if (words.size() == 2) return placeholder;  // "{limit as string}"
    const auto form = form_of(words[2]);
    if (words.size() != 3 || !form) return std::nullopt;
    placeholder.form = *form;
    return placeholder;
}

std::vector<std::string> names_of(const Settings& settings) {
    std::vector<std::string> names;
    for (const auto& [name, value] : settings) names.push_back(name);
    return names;
}

void add_literal(std::vector<Template::Part>& parts, std::string_view text) {
    if (text.empty()) return;
    if (!parts.empty() && std::holds_alternative<std::string>(parts.back()))
        std::get<std::string>(parts.back()) += text;
    else
        parts.emplace_back(std::string{text});
}

}  // namespace

Template Template::compile(std::string_view text, const Settings& settings, const Place& place,
                           Diagnostics& problems) {
    constexpr std::string_view settings_prefix = "settings.";
    Template compiled;
    while (!text.empty()) {
        const auto open = text.find('{');
        add_literal(compiled.parts_, text.substr(0, open));
        if (open == std::string_view::npos) break;
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) {
            problems.error(place, "a placeholder is not closed", "end it with }");
            break;
        }
        const auto inside = trim(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
        const auto placeholder = placeholder_of(inside);
        if (!placeholder) {
            problems.error(place, fmt::format("{{{}}} is no placeholder", inside),
                           "write {name}, {name as FORM} or {name as FORM string}, where FORM is "
                           "iso, date, epoch_ms, epoch_s, md5, sha1 or sha256");
            continue;
        }
        if (!placeholder->name.starts_with(settings_prefix)) {
            compiled.parts_.emplace_back(*placeholder);
            continue;
        }
        const auto name = placeholder->name.substr(settings_prefix.size());
        const auto found = settings.find(name);
        if (found != settings.end()) {
            add_literal(compiled.parts_, found->second);
            continue;
        }
        const auto near = nearest(name, names_of(settings));
        problems.error(place, fmt::format("there is no setting \"{}\"", name),
                       near.empty() ? "declare it with its default in [settings]"
                                    : fmt::format("did you mean \"{}\"?", near));
    }
    return compiled;
}

const Template::Placeholder* Template::sole() const {
    return parts_.size() == 1 ? std::get_if<Placeholder>(&parts_.front()) : nullptr;
}

void Template::each_name(const std::function<void(const std::string&)>& use) const {
    for (const auto& part : parts_)
        if (const auto* placeholder = std::get_if<Placeholder>(&part)) use(placeholder->name);
}

std::optional<std::string> Template::text(const Variables& variables) const {
    std::string result;
    for (const auto& part : parts_) {
        if (const auto* literal = std::get_if<std::string>(&part)) {
            result += *literal;
            continue;
        }
        const auto& placeholder = std::get<Placeholder>(part);
        const auto value = text_of(lookup(variables, placeholder.name), placeholder.form);
        if (!value) return std::nullopt;
        result += *value;
    }
    return result;
}

std::optional<std::string> Template::path(const Variables& variables) const {
    std::string result;
    for (const auto& part : parts_) {
        if (const auto* literal = std::get_if<std::string>(&part)) {
            result += *literal;
            continue;
        }
        const auto& placeholder = std::get<Placeholder>(part);
        const auto value = text_of(lookup(variables, placeholder.name), placeholder.form);
        if (!value) return std::nullopt;
        result += net::url_encode(*value);
    }
    return result;
}

/// Writes a body. What stands for nothing is left out, which has to be known before its key is
/// written.
class BodyTemplate::Writer {
public:
    Writer(const Variables& variables, const std::vector<std::string>& ids)
        : variables_(variables), ids_(ids) {}

    std::string json(const BodyTemplate& body) {
        write(body);
        return {buffer_.GetString(), buffer_.GetSize()};
    }

private:
    bool stands_for_nothing(const BodyTemplate& body) const {
        const auto* leaf = std::get_if<Template>(&body.node_);
        return leaf && !leaf->text(variables_);
    }

    void write(const BodyTemplate& body) {
        std::visit([this](const auto& node) { write_node(node); }, body.node_);
    }

    void write_text(const std::string& text) {
        json_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    }

    void write_node(std::int64_t number) { json_.Int64(number); }
    void write_node(double number) { json_.Double(number); }
    void write_node(bool value) { json_.Bool(value); }

    void write_node(const Template& leaf) {
        const auto* placeholder = leaf.sole();
        const auto* variable = placeholder ? &lookup(variables_, placeholder->name) : nullptr;
        if (variable && std::holds_alternative<std::vector<std::string>>(*variable)) {
            json_.StartArray();
            for (const auto& item : std::get<std::vector<std::string>>(*variable)) write_text(item);
            json_.EndArray();
            return;
        }
        const auto text = leaf.text(variables_);
        if (!text) {
            json_.Null();
            return;
        }
        const bool is_epoch =
            variable && std::holds_alternative<Instant>(*variable) &&
            (placeholder->form == TimeForm::epoch_ms || placeholder->form == TimeForm::epoch_s);
        const bool is_number = variable && std::holds_alternative<std::int64_t>(*variable);
        if ((is_epoch || is_number) && !placeholder->as_string)
            json_.RawValue(text->data(), text->size(), rapidjson::kNumberType);
        else
            write_text(*text);
    }

    void write_node(const Members& members) {
        json_.StartObject();
        for (const auto& [name, value] : members) {
            if (stands_for_nothing(value)) continue;
            json_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
            write(value);
        }
        json_.EndObject();
    }

    void write_node(const Elements& elements) {
        json_.StartArray();
        if (elements.size() == 1 && elements.front().names_each()) {
            for (const auto& id : ids_) {
                variables_[std::string{each_prefix} + "id"] = id;
                write(elements.front());
            }
        } else {
            for (const auto& element : elements)
                if (!stands_for_nothing(element)) write(element);
        }
        json_.EndArray();
    }

    Variables variables_;
    const std::vector<std::string>& ids_;
    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> json_{buffer_};
};

void BodyTemplate::each_name(const std::function<void(const std::string&)>& use) const {
    if (const auto* leaf = std::get_if<Template>(&node_)) leaf->each_name(use);
    if (const auto* members = std::get_if<Members>(&node_))
        for (const auto& [name, value] : *members) value.each_name(use);
    if (const auto* elements = std::get_if<Elements>(&node_))
        for (const auto& element : *elements) element.each_name(use);
}

bool BodyTemplate::names_each() const {
    bool named = false;
    each_name([&](const std::string& name) { named = named || name.starts_with(each_prefix); });
    return named;
}

std::string BodyTemplate::json(const Variables& variables,
                               const std::vector<std::string>& ids) const {
    return Writer{variables, ids}.json(*this);
}

}  // namespace nudged::sources
