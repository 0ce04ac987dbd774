// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/tap_config.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/sources/singer/source_text.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <sstream>

namespace nudged::sources::singer {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;
/// What a placeholder's credential is; nullopt: there is none of that name.
using Reveal =
    std::function<std::optional<std::string>(const std::string& name, const Place& place)>;

constexpr std::string_view opening = "{credential.";
constexpr std::size_t max_config_bytes = 1 << 20;

/// A text with its placeholders replaced; what names no credential stays as it is.
std::string filled(std::string_view text, const Place& place, const Reveal& reveal) {
    std::string out;
    while (true) {
        const auto begin = text.find(opening);
        const auto end = begin == text.npos ? text.npos : text.find('}', begin);
        if (end == text.npos) return out.append(text);
        const auto name_at = begin + opening.size();
        const std::string name{text.substr(name_at, end - name_at)};
        out.append(text.substr(0, begin));
        out += reveal(name, place).value_or(std::string{text.substr(begin, end + 1 - begin)});
        text.remove_prefix(end + 1);
    }
}

void write_text(Writer& json, const std::string& text) {
    json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_toml(const toml::node& node, const std::string& file, const Reveal& reveal,
                Writer& json) {
    if (const auto* table = node.as_table()) {
        json.StartObject();
        for (const auto& [key, value] : *table) {
            write_text(json, std::string{key.str()});
            write_toml(value, file, reveal, json);
        }
        json.EndObject();
    } else if (const auto* list = node.as_array()) {
        json.StartArray();
        for (const auto& value : *list) write_toml(value, file, reveal, json);
        json.EndArray();
    } else if (const auto* text = node.as_string()) {
        write_text(json, filled(text->get(), place_of(node, file), reveal));
    } else if (const auto* number = node.as_integer()) {
        json.Int64(number->get());
    } else if (const auto* real = node.as_floating_point()) {
        if (!json.Double(real->get())) json.Null();
    } else if (const auto* flag = node.as_boolean()) {
        json.Bool(flag->get());
    } else {  // dates and times, as RFC 3339 has them
        std::ostringstream out;
        node.visit([&](const auto& value) {
            if constexpr (toml::is_value<decltype(value)>) out << value.get();
        });
        write_text(json, out.str());
    }
}

void fill_json(rapidjson::Value& value, rapidjson::Document& document, const Place& place,
               const Reveal& reveal) {
    if (value.IsObject()) {
        for (auto& member : value.GetObject()) fill_json(member.value, document, place, reveal);
    } else if (value.IsArray()) {
        for (auto& element : value.GetArray()) fill_json(element, document, place, reveal);
    } else if (value.IsString()) {
        const auto text = filled({value.GetString(), value.GetStringLength()}, place, reveal);
        value.SetString(text.data(), static_cast<rapidjson::SizeType>(text.size()),
                        document.GetAllocator());
    }
}

/// nullopt: not there, too large, or no JSON object.
std::optional<rapidjson::Document> read_json(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    std::string text(max_config_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag>(
        text.data(), text.size());
    const bool good =
        text.size() <= max_config_bytes && !document.HasParseError() && document.IsObject();
    return good ? std::optional{std::move(document)} : std::nullopt;
}

std::string path_of_file(const SingerSourceOptions& options) {
    return (std::filesystem::path{options.folder} / options.config_file)
        .lexically_normal()
        .string();
}

const toml::node* own_node(const SingerSourceOptions& options, std::string_view key) {
    const auto* source = options.text ? options.text->table["source"].as_table() : nullptr;
    return source ? source->get(key) : nullptr;
}

/// nullopt when the file cannot be used.
std::optional<std::string> render(const SingerSourceOptions& options, const Reveal& reveal) {
    rapidjson::StringBuffer buffer;
    Writer json{buffer};
    const auto* config = own_node(options, "config");
    if (!options.config_file.empty()) {
        auto document = read_json(path_of_file(options));
        if (!document) return std::nullopt;
        const auto* key = own_node(options, "config_file");
        const auto place = key ? place_of(*key, options.text->file) : Place{};
        fill_json(*document, *document, place, reveal);
        document->Accept(json);
    } else if (config && config->is_table()) {
        write_toml(*config, options.text->file, reveal, json);
    } else {
        return "{}";
    }
    return std::string{buffer.GetString(), buffer.GetSize()};
}

}  // namespace

void check_tap_config(const SourceOptions& source, Diagnostics& problems) {
    const auto* options = std::get_if<SingerSourceOptions>(&source.connector_options);
    if (!options) return;
    const auto* config = own_node(*options, "config");
    const auto* file = own_node(*options, "config_file");
    const auto file_place = file ? place_of(*file, options->text->file) : source.place;
    if (config && !options->config_file.empty())
        problems.error(file_place, "a source has either \"config\" or \"config_file\"",
                       "remove one of them");
    std::set<std::string> used;
    std::vector<std::string> known;
    for (const auto& [name, secret] : options->credentials) known.push_back(name);
    const Reveal look = [&](const std::string& name,
                            const Place& place) -> std::optional<std::string> {
        used.insert(name);
        if (options->credentials.contains(name)) return "";
        const auto near = nearest(name, known);
        problems.error(place, fmt::format("there is no credential \"{}\"", name),
                       near.empty() ? fmt::format("add {} to [source.credentials]", name)
                                    : fmt::format("did you mean \"{}\"?", near));
        return std::nullopt;
    };
    if (!render(*options, look)) {
        problems.error(
            file_place,
            fmt::format("the file {} is no JSON object that can be read", path_of_file(*options)),
            "write the tap's configuration there");
        return;
    }
    for (const auto& name : known)
        if (!used.contains(name))
            problems.error(source.place, fmt::format("nothing uses the credential \"{}\"", name),
                           fmt::format("write \"{}{}}}\" in `config`", opening, name));
}

std::string render_tap_config(const SingerSourceOptions& options) {
    const Reveal reveal = [&](const std::string& name, const Place&) -> std::optional<std::string> {
        const auto found = options.credentials.find(name);
        if (found == options.credentials.end()) return std::nullopt;
        return std::string{found->second.reveal()};
    };
    if (auto text = render(options, reveal)) return *text;
    throw Failure(FailureKind::needs_person,
                  fmt::format("the file {} is no JSON object", path_of_file(options)));
}

std::vector<std::string> secrets_of(const SingerSourceOptions& options) {
    std::vector<std::string> secrets;
    for (const auto& [name, secret] : options.credentials) {
        secrets.emplace_back(secret.reveal());
        rapidjson::StringBuffer buffer;
        Writer json{buffer};
        write_text(json, secrets.back());
        const std::string_view quoted{buffer.GetString(), buffer.GetSize()};
        secrets.emplace_back(quoted.substr(1, quoted.size() - 2));
    }
    return secrets;
}

}  // namespace nudged::sources::singer
