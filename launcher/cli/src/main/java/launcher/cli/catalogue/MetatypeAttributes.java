package launcher.cli.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Reads the meaning of a configuration from the metatype that its bundle carries. */
public final class MetatypeAttributes implements PolicyAttributes {
  private final BundleContext context;
  private final MetaTypeService metatypes;

  /** The metatypes of all bundles. */
  public MetatypeAttributes(BundleContext context, MetaTypeService metatypes) {
    this.context = context;
    this.metatypes = metatypes;
  }

  @Override
  public Map<String, String> of(String id) {
    Map<String, String> meanings = new LinkedHashMap<>();
    definitions(id)
        .forEach(attribute -> meanings.put(attribute.getID(), attribute.getDescription()));
    return meanings;
  }

  /**
   * The attributes of a configuration.
   *
   * @param id whole id of the policy, which is the PID of its configuration
   */
  public List<AttributeDefinition> definitions(String id) {
    List<AttributeDefinition> attributes = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      MetaTypeInformation information = metatypes.getMetaTypeInformation(bundle);
      if (information == null || !List.of(information.getPids()).contains(id)) {
        continue;
      }
      ObjectClassDefinition definition = information.getObjectClassDefinition(id, null);
      attributes.addAll(List.of(definition.getAttributeDefinitions(ObjectClassDefinition.ALL)));
    }
    return attributes;
  }
}
