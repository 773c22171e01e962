package dev.pilotlight.cli.aws;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/// An answer of the query protocol, whose lists are `<Name><member>…</member></Name>`.
public record XmlRows(Document document) {
  private static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";

  /// Parses an answer; not known if it is not XML.
  public static Asked<XmlRows> of(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature(NO_DOCTYPE, true);
      var builder = factory.newDocumentBuilder();
      // throws, where the standard one prints, too
      builder.setErrorHandler(new DefaultHandler());
      return new Asked.Known<>(new XmlRows(builder.parse(new InputSource(new StringReader(xml)))));
    } catch (SAXException | IOException e) {
      return new Asked.Unknown<>("the answer is not valid XML");
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The members of all lists of a name, each with the texts of its elements by name.
  public List<Map<String, String>> members(String list) {
    List<Map<String, String>> members = new ArrayList<>();
    for (Element each : elements(document.getElementsByTagName(list))) {
      for (Element member : elements(each.getChildNodes())) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Element text : elements(member.getChildNodes())) {
          texts.put(text.getTagName(), text.getTextContent());
        }
        members.add(texts);
      }
    }
    return members;
  }

  /// All elements of a name, each with the texts of its elements by name.
  public List<Map<String, String>> rows(String name) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Element row : elements(document.getElementsByTagName(name))) {
      Map<String, String> texts = new LinkedHashMap<>();
      for (Element text : elements(row.getChildNodes())) {
        texts.put(text.getTagName(), text.getTextContent());
      }
      rows.add(texts);
    }
    return rows;
  }

  private static List<Element> elements(NodeList nodes) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      Node node = nodes.item(i);
      if (node instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }
}
