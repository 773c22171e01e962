package dev.pilotlight.fuzz;

import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.images.Pictures;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A good request to every route, from which the spoilt ones are made.
final class GoodRequests {
  private static final String A =
      "{'name':'a','datatype':'FP32','shape':[2],'data':[1,2]}".replace('\'', '"');

  private GoodRequests() {}

  /// All of them, those included that no model of the test answers.
  static List<TestRequest> all() {
    List<TestRequest> all = new ArrayList<>(answered());
    all.addAll(refused());
    return List.copyOf(all);
  }

  /// Requests that these models never answer.
  private static List<TestRequest> refused() {
    return List.of(
        post("/v2/repository/models/classes/unload", "{}"),
        post(
            "/v1/batches",
            "{'input_file_id':'file-1','endpoint':'/v1/embeddings','completion_window':'24h',"
                + "'metadata':{'a':'b'},"
                + "'output_expires_after':{'anchor':'created_at','seconds':3600}}"),
        TestRequest.of("GET", "/v1/batches"),
        TestRequest.of("GET", "/v1/batches/batch_1"),
        post("/v1/batches/batch_1/cancel", "{}"),
        TestRequest.of("GET", "/v1/usage"),
        TestRequest.of("GET", "/v1/organization/usage/embeddings"),
        post("/v1/files", "{'filename':'a.jsonl','purpose':'batch','bytes':9}"),
        TestRequest.of("GET", "/v1/files"),
        TestRequest.of("GET", "/v1/files/file-1"),
        TestRequest.of("GET", "/v1/files/file-1/content"),
        TestRequest.of("DELETE", "/v1/files/file-1"),
        post("/v1/uploads", "{'filename':'a.jsonl','purpose':'batch','bytes':9}"),
        post("/v1/uploads/upload_1/parts", "{}"),
        post("/v1/uploads/upload_1/complete", "{'part_ids':['part_1']}"),
        post("/v1/uploads/upload_1/cancel", "{}"));
  }

  static List<TestRequest> answered() {
    List<TestRequest> all = new ArrayList<>();
    all.addAll(reads());
    all.addAll(openInference());
    all.addAll(embeddings());
    all.addAll(rankings());
    all.addAll(labels());
    all.addAll(huggingFace());
    all.addAll(tokens());
    all.addAll(images());
    return List.copyOf(all);
  }

  private static List<TestRequest> reads() {
    List<TestRequest> reads = new ArrayList<>();
    for (String path :
        List.of(
            "/",
            "/v1/models",
            "/v1/models/" + FuzzModels.EMBEDDER,
            "/v2",
            "/v2/health/live",
            "/v2/health/ready",
            "/v2/models",
            "/v2/models/stats",
            "/v2/models/" + FuzzModels.CLASSES,
            "/v2/models/" + FuzzModels.CLASSES + "/versions/1",
            "/v2/models/" + FuzzModels.CLASSES + "/ready",
            "/v2/models/" + FuzzModels.CLASSES + "/versions/1/ready",
            "/v2/models/" + FuzzModels.CLASSES + "/stats",
            "/v2/models/" + FuzzModels.CLASSES + "/versions/1/stats",
            "/v2/models/" + FuzzModels.TENSORS + "/config",
            "/v2/models/" + FuzzModels.TENSORS + "/versions/1/config",
            "/info",
            "/health",
            "/ping")) {
      reads.add(TestRequest.of("GET", path));
    }
    return reads;
  }

  private static List<TestRequest> openInference() {
    String both = "{'inputs':[" + A + "," + A.replace("\"a\"", "\"b\"") + "],'id':'7'}";
    String text = "{'inputs':[{'name':'text','datatype':'BYTES','shape':[2],'data':['a','b c']}]";
    return List.of(
        post("/v2/models/tensors/infer", both),
        post("/v2/models/tensors/versions/1/infer", both),
        post("/v2/models/classes/infer", text + "}"),
        post(
            "/v2/models/classes/infer",
            text + ",'outputs':[{'name':'logits','parameters':{'classification':2}}]}"),
        post("/v2/repository/index", "{'ready':true}"),
        post("/v2/repository/models/classes/load", "{}"));
  }

  private static List<TestRequest> embeddings() {
    return List.of(
        post(
            "/v1/embeddings",
            "{'model':'embedder','input':['hello','wörld'],'encoding_format':'base64',"
                + "'dimensions':2,'user':'u','truncate':true}"),
        post("/v1/embeddings", "{'model':'embedder','input':[[101,1037,102],[101,102]]}"),
        TestRequest.of("GET", "/v1/embeddings?model=embedder&input=w%C3%B6rld&dimensions=2"),
        post("/openai/deployments/embedder/embeddings", "{'input':'hello'}"),
        post(
            "/v1/embed",
            "{'texts':['a','b'],'input_type':'search_query','embedding_types':['float','int8']}"),
        post(
            "/v2/embed",
            "{'model':'embedder','texts':['a'],'input_type':'search_document',"
                + "'embedding_types':['binary'],'output_dimension':2}"),
        post("/api/embed", "{'model':'embedder','input':['a','b'],'options':{'num_ctx':16}}"),
        post("/api/embeddings", "{'model':'embedder','prompt':'a'}"),
        post(
            "/embed",
            "{'inputs':['a',[1037,1038]],'normalize':false,'truncate':true,'dimensions':3,"
                + "'truncation_direction':'right','prompt_name':'query'}"),
        post("/embeddings", "{'input':'a','encoding_format':'float'}"),
        post("/tokenize", "{'inputs':['a b','c'],'add_special_tokens':false}"),
        post("/decode", "{'ids':[[101,1037,102]],'skip_special_tokens':true}"),
        post("/similarity", "{'inputs':{'source_sentence':'a','sentences':['a','b']}}"));
  }

  private static List<TestRequest> rankings() {
    String documents = "'query':'a','documents':['a','b',{'text':'c'}]";
    return List.of(
        post("/rerank", "{'query':'a','texts':['a','b'],'raw_scores':true,'return_text':true}"),
        post("/v1/rerank", "{" + documents + ",'top_n':2,'return_documents':true}"),
        post("/v2/rerank", "{'model':'ranker','query':'a','documents':['a','b'],'top_n':1}"),
        post("/v1/reranking", "{'model':'ranker','query':'a','input':['a','b'],'top_k':1}"),
        post("/score", "{'model':'ranker','text_1':'a','text_2':['a','b']}"),
        post("/v1/score", "{'model':'ranker','text_1':['a','b'],'text_2':['a','b']}"));
  }

  private static List<TestRequest> labels() {
    return List.of(
        post("/predict", "{'inputs':[['a','b'],['c']],'raw_scores':true,'truncate':false}"),
        TestRequest.of("GET", "/predict?inputs=a+b&top_k=1&raw_scores=true"),
        post("/v1/models/classes:predict", "{'instances':['a','b']}"),
        post(
            "/vertex",
            "{'instances':['a','b'],"
                + "'parameters':{'model':'classes','return_probabilities':true}}"));
  }

  private static List<TestRequest> huggingFace() {
    String labels = "{'inputs':['a','b'],'parameters':{'top_k':2,'function_to_apply':'softmax'}}";
    return List.of(
        post("/", "{'inputs':'a','options':{'use_cache':false,'wait_for_model':true}}"),
        post("/invocations", "{'inputs':['a','b']}"),
        post("/models/classes", labels),
        post("/models/classes/pipeline/text-classification", labels),
        post(
            "/models/embedder/pipeline/sentence-similarity",
            "{'inputs':{'source_sentence':'a','sentences':['a','b']}}"),
        post("/pipeline/feature-extraction/embedder", "{'inputs':'a','normalize':true}"));
  }

  private static List<TestRequest> tokens() {
    return List.of(
        post("/embed_all", "{'inputs':['a','b c'],'truncate':true}"),
        post("/embed_sparse", "{'inputs':['hello','hello hello'],'truncate':true}"),
        post(
            "/models/tagger",
            "{'inputs':['a b','c'],'parameters':{'aggregation_strategy':'max',"
                + "'ignore_labels':['LABEL_0']}}"),
        post("/v1/models/tagger:predict", "{'instances':['a b']}"),
        post(
            "/v2/models/tagger/infer",
            "{'inputs':[{'name':'text','datatype':'BYTES','shape':[1],'data':['a b']}]}"),
        post(
            "/pipeline/fill-mask/masks",
            "{'inputs':'hello [MASK]','parameters':{'top_k':2,'targets':['hello']}}"),
        post("/v1/models/masks:predict", "{'instances':['hello [MASK]']}"));
  }

  private static List<TestRequest> images() {
    byte[] png = Pictures.png(Pictures.RED);
    String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    return List.of(
        TestRequest.post("/models/colours", png).with("content-type", "image/png"),
        TestRequest.post("/pipeline/image-feature-extraction/eye", png)
            .with("content-type", "application/octet-stream"),
        post("/models/colours", "{'inputs':'" + url + "','parameters':{'top_k':2}}"),
        post("/v1/embeddings", "{'model':'eye','input':'" + url + "','modality':'image'}"),
        post(
            "/v2/embed",
            "{'model':'eye','input_type':'image','images':['"
                + url
                + "'],'embedding_types':['float']}"));
  }

  /// JSON with single quotes.
  private static TestRequest post(String path, String json) {
    return TestRequest.post(path, json.replace('\'', '"'));
  }
}
