// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/suppression.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/files.hpp"
#include "daemon/warehouse/persons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace nudged::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_line = "nudged suppression 1";
constexpr std::string_view key_word = "key ";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t hash_digits = 32;  // the first 16 bytes of SHA-256

bool is_hex(std::string_view text, std::size_t digits) {
    return text.size() == digits &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw Failure(FailureKind::needs_person, fmt::format("{}: {}", path, why));
}

}  // namespace

std::string suppression_path(const std::string& path) {
    return fs::path{path}.replace_filename("suppressed.list").string();
}

Suppression::Suppression(std::string path) : path_(std::move(path)) {
    std::error_code error;
    const auto status = fs::status(path_, error);
    if (!fs::exists(status)) return;
    if ((status.permissions() & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
        refuse(path_, "is open to others; run: chmod 600 " + path_);
    std::ifstream file{path_};
    std::string line;
    if (!std::getline(file, line) || line != first_line || !std::getline(file, key_) ||
        !key_.starts_with(key_word) || !is_hex(key_.substr(key_word.size()), 2 * key_bytes))
        refuse(path_, "cannot be read as the list of who was forgotten; put it back from a copy, "
                      "since without it they would be stored again");
    key_.erase(0, key_word.size());
    while (std::getline(file, line)) {
        if (!is_hex(line, hash_digits)) refuse(path_, "has a line that is no hash");
        hashes_.insert(line);
    }
}

std::string Suppression::hash(std::string_view kind, std::string_view first,
                              std::string_view second) const {
    const auto bytes =
        crypto::hmac(crypto::Digest::sha256, key_, fmt::format("{}\n{}\n{}", kind, first, second));
    return crypto::hex(bytes).substr(0, hash_digits);
}

bool Suppression::has_address(std::string_view address) const {
    if (empty() || address.empty()) return false;
    const auto joining = joining_address(address);
    return !joining.empty() && hashes_.contains(hash("address", joining, ""));
}

bool Suppression::has(std::string_view source, model::Entity entity, std::string_view id) const {
    return !empty() && !id.empty() && hashes_.contains(hash(to_string(entity), source, id));
}

void Suppression::add_address(std::string_view address) {
    if (key_.empty()) key_ = crypto::hex(crypto::random_bytes(key_bytes));
    if (hashes_.insert(hash("address", joining_address(address), "")).second) is_saved_ = false;
}

void Suppression::add(std::string_view source, model::Entity entity, std::string_view id) {
    if (key_.empty()) key_ = crypto::hex(crypto::random_bytes(key_bytes));
    if (hashes_.insert(hash(to_string(entity), source, id)).second) is_saved_ = false;
}

void Suppression::save() {
    if (is_saved_) return;
    write_secret_file(
        path_, fmt::format("{}\n{}{}\n{}\n", first_line, key_word, key_, fmt::join(hashes_, "\n")));
    is_saved_ = true;
}

}  // namespace nudged::warehouse
