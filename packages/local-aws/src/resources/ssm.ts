import { TemplateError } from '../template/template.ts';
import { physicalName, type ResourceType } from './resource-type.ts';

/**
 * AWS::SSM::Parameter. A value that was changed at run time stays until the template's value
 * changes, as CloudFormation does not undo drift.
 */
export const parameter: ResourceType = {
  create(properties, context) {
    const { logicalId, services } = context;
    const name = String(properties.Name ?? `CFN-${physicalName(context, 1_000)}`);
    const type = String(properties.Type);
    if (type !== 'String' && type !== 'StringList') {
      throw new TemplateError(
        logicalId,
        `is a parameter of the type ${type}; CloudFormation makes String and StringList`,
      );
    }
    services.parameterStore.declare({
      name,
      type,
      value: String(properties.Value),
      description: properties.Description as string | undefined,
    });
    return { ref: name, attributes: { Type: type, Value: String(properties.Value) } };
  },
  async remove(name, { services }) {
    services.parameterStore.remove(name);
  },
};
