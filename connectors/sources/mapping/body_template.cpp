// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http.hpp"
#include "connectors/sources/mapping/template.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace nudged::sources {
namespace {

constexpr std::string_view each_prefix = "each.";

}  // namespace

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

    std::string form(const Members& members) {
        std::string text;
        for (const auto& [name, value] : members) {
            if (stands_for_nothing(value)) continue;
            if (!text.empty()) text += '&';
            const auto* leaf = std::get_if<Template>(&value.node_);
            text += fmt::format("{}={}", net::url_encode(name),
                                net::url_encode(leaf ? *leaf->text(variables_)
                                                     : Writer{variables_, ids_}.json(value)));
        }
        return text;
    }

private:
    bool stands_for_nothing(const BodyTemplate& body) const {
        const auto* leaf = std::get_if<Template>(&body.node_);
        return leaf && !leaf->text(variables_);
    }

    void write(const BodyTemplate& body) {
        std::visit([this](const auto& node) { write_node(node); }, body.node_);
    }

    /// Digits alone are a number where the form says so: nothing else could be one of the CRM's
    /// ids, and what JSON calls a number is more than those.
    void write_word(const std::string& text, const Template::Placeholder* placeholder) {
        const bool is_number = placeholder && placeholder->form.kind == Form::Kind::number &&
                               !placeholder->as_string && !text.empty() &&
                               text.find_first_not_of("0123456789") == std::string::npos &&
                               (text.size() == 1 || text.front() != '0');
        if (is_number)
            json_.RawValue(text.data(), text.size(), rapidjson::kNumberType);
        else
            write_text(text);
    }
    void write_text(const std::string& text) {
        json_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    }

    void write_node(std::int64_t number) { json_.Int64(number); }
    void write_node(double number) { json_.Double(number); }
    void write_node(bool value) { json_.Bool(value); }

    void write_node(const Template& leaf) {
        const auto* placeholder = leaf.sole();
        const auto* variable = placeholder ? &variable_of(variables_, placeholder->name) : nullptr;
        const bool is_list =
            variable && std::holds_alternative<std::vector<std::string>>(*variable);
        if (is_list && !placeholder->form.is_of_text()) {
            json_.StartArray();
            for (const auto& item : std::get<std::vector<std::string>>(*variable))
                write_word(item, placeholder);
            json_.EndArray();
            return;
        }
        const auto text = leaf.text(variables_);
        if (!text) {
            json_.Null();
            return;
        }
        const bool is_epoch =
            variable && std::holds_alternative<Instant>(*variable) && placeholder->form.is_epoch();
        const bool is_number = variable && std::holds_alternative<std::int64_t>(*variable) &&
                               !placeholder->form.is_of_text();
        if ((is_epoch || is_number) && !placeholder->as_string)
            json_.RawValue(text->data(), text->size(), rapidjson::kNumberType);
        else
            write_word(*text, placeholder);
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

void BodyTemplate::each_placeholder(
    const std::function<void(const Template::Placeholder&)>& use) const {
    if (const auto* leaf = std::get_if<Template>(&node_)) leaf->each_placeholder(use);
    if (const auto* members = std::get_if<Members>(&node_))
        for (const auto& [name, value] : *members) value.each_placeholder(use);
    if (const auto* elements = std::get_if<Elements>(&node_))
        for (const auto& element : *elements) element.each_placeholder(use);
}

void BodyTemplate::each_name(const std::function<void(const std::string&)>& use) const {
    each_placeholder([&](const Template::Placeholder& placeholder) { use(placeholder.name); });
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

std::string BodyTemplate::form(const Variables& variables,
                               const std::vector<std::string>& ids) const {
    const auto* members = std::get_if<Members>(&node_);
    return members ? Writer{variables, ids}.form(*members) : std::string{};
}

}  // namespace nudged::sources
