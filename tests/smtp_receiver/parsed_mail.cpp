// SPDX-License-Identifier: Apache-2.0
#include "tests/smtp_receiver/parsed_mail.hpp"

#include "connectors/base/text.hpp"
#include "tests/paths.hpp"
#include "tests/support/process.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <stdexcept>

namespace nudged::tests {
namespace {

using Json = rapidjson::Value;

std::string text_of(const Json& value) {
    return value.IsString() ? std::string{value.GetString(), value.GetStringLength()} : "";
}

std::vector<std::string> texts_of(const Json& list) {
    std::vector<std::string> texts;
    for (const auto& one : list.GetArray()) texts.push_back(text_of(one));
    return texts;
}

std::set<std::string> set_of(const Json& list) {
    const auto texts = texts_of(list);
    return {texts.begin(), texts.end()};
}

ParsedMail read(const Json& json) {
    ParsedMail mail;
    for (const auto& header : json["headers"].GetArray())
        mail.headers.emplace_back(text_of(header[0]), text_of(header[1]));
    mail.types = texts_of(json["types"]);
    if (json["from"].Size() == 1) {
        mail.from_name = text_of(json["from"][0][0]);
        mail.from = text_of(json["from"][0][1]);
    }
    for (const auto& to : texts_of(json["to"])) mail.to += (mail.to.empty() ? "" : ",") + to;
    mail.date = text_of(json["date"]);
    mail.text = text_of(json["text"]);
    mail.html = text_of(json["html"]);
    mail.defects = texts_of(json["defects"]);
    mail.longest_line = json["longest_line"].GetUint64();
    mail.bare_ends = json["bare_ends"].GetUint64();
    mail.tags = set_of(json["tags"]);
    mail.attributes = set_of(json["attributes"]);
    mail.links = texts_of(json["links"]);
    mail.comments = texts_of(json["comments"]);
    mail.heading = text_of(json["heading"]);
    mail.runs = texts_of(json["runs"]);
    return mail;
}

}  // namespace

std::string ParsedMail::header(const std::string& name) const {
    std::string found;
    for (const auto& [key, value] : headers)
        if (key == name) found += (found.empty() ? "" : "|") + value;
    return found;
}

std::vector<ParsedMail> parse_mails(const std::vector<std::string>& mails) {
    TempFolder folder;
    std::string lines;
    for (const auto& mail : mails) {
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        writer.String(mail);
        lines.append(buffer.GetString(), buffer.GetSize()).append("\n");
    }
    const auto input = folder.write("mails", lines);
    const auto script = NUDGED_SOURCE_DIR "/tests/smtp_receiver/parse.py";
    const auto parsed = run_program(
        {"/bin/sh", "-c", std::string{"exec /usr/bin/python3 "} + script + " < " + input});
    std::vector<ParsedMail> read_mails;
    for (const auto line : split(parsed.output, '\n')) {
        if (line.empty()) continue;
        rapidjson::Document json;
        if (json.Parse(line.data(), line.size()).HasParseError() || !json.IsObject())
            throw std::runtime_error("no mail: " + parsed.output);
        read_mails.push_back(read(json));
    }
    if (read_mails.size() != mails.size())
        throw std::runtime_error("some mails are none: " + parsed.output);
    return read_mails;
}

ParsedMail parse_mail(const std::string& mail) {
    return parse_mails({mail}).front();
}

}  // namespace nudged::tests
