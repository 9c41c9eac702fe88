#include "tests/connectors/sns_sender.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "router/core/digest.hpp"
#include "router/core/result.hpp"
#include "router/core/text.hpp"

namespace tocsin::testing {

struct SnsSender::Key {
  EVP_PKEY* pair;
};

SnsSender::SnsSender() : key_(new Key{EVP_RSA_gen(2048)}) {
  TOCSIN_CHECK(key_->pair != nullptr, "OpenSSL makes a key");
  X509* const certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key_->pair);
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("sns.amazonaws.com"), -1, -1,
                             0);
  X509_set_issuer_name(certificate, name);
  TOCSIN_CHECK(X509_sign(certificate, key_->pair, EVP_sha256()) > 0, "OpenSSL signs");
  BIO* const out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(out, certificate);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out, &data);
  certificate_.assign(data, static_cast<std::size_t>(size));
  BIO_free(out);
  X509_free(certificate);
}

SnsSender::~SnsSender() {
  EVP_PKEY_free(key_->pair);
  delete key_;
}

std::string SnsSender::message(std::map<std::string, std::string> fields,
                               const std::string& version) const {
  // A map is in byte order, as the signature wants it.
  std::string text;
  for (const auto& [name, value] : fields)
    if (name != "UnsubscribeURL" && (fields["Type"] != "Notification" || name != "SubscribeURL"))
      text += name + "\n" + value + "\n";
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  std::string signature(256, '\0');
  std::size_t size = signature.size();
  TOCSIN_CHECK(
      EVP_DigestSignInit(context, nullptr, version == "1" ? EVP_sha1() : EVP_sha256(), nullptr,
                         key_->pair) == 1 &&
          EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                         reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1,
      "OpenSSL signs");
  EVP_MD_CTX_free(context);
  signature.resize(size);
  fields["SignatureVersion"] = version;
  fields["Signature"] = base64(signature);
  fields["SigningCertURL"] =
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem";
  std::string json = "{";
  for (const auto& [name, value] : fields)
    json += (json.size() > 1 ? "," : "") + json_string(name) + ":" + json_string(value);
  return json + "}";
}

}  // namespace tocsin::testing
